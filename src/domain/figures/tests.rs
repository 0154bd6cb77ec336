use super::*;
use proptest::prelude::*;

fn code(number: usize) -> StateCode {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap());
    let text: String = [letter(number / 676), letter(number / 26), letter(number)]
        .iter()
        .collect();
    text.parse().unwrap()
}

fn series(id: &str, values: &[f64]) -> Series {
    let figures = values.iter().enumerate().map(|(at, value)| Figure {
        state: code(at),
        year: 2020,
        value: *value,
    });
    Series::new(id.parse().unwrap(), figures)
}

fn adjusted(outcome: &[f64], better: Better, income: &[f64], at: usize) -> Result<Performance, WhyNot> {
    let (outcome, income) = (series("OUT", outcome), series("INC", income));
    income_adjusted(&outcome, better, &income, &code(at), 2022, Frontier::default())
}

#[test]
fn the_newest_figure_on_or_before_a_year_counts_unless_it_is_too_old() {
    let figure = |year, value| Figure {
        state: code(0),
        year,
        value,
    };
    let series = Series::new(
        "X".parse().unwrap(),
        [figure(2010, 1.0), figure(2018, 2.0), figure(2024, 3.0)],
    );
    let value = |year, age| {
        series
            .latest(&code(0), Window::before(year, age))
            .map(|f| (f.year, f.value))
    };
    assert_eq!(value(2020, 5), Some((2018, 2.0)));
    assert_eq!(value(2018, 0), Some((2018, 2.0)));
    assert_eq!(value(2017, 5), None);
    assert_eq!(value(2017, 7), Some((2010, 1.0)));
    assert_eq!(value(2030, 6), Some((2024, 3.0)));
    assert_eq!(series.latest(&code(1), Window::before(2020, 50)), None);
}

/// Twenty states of one income with outcomes 1 to 20, and ten far richer ones with outcome 100.
fn world() -> (Vec<f64>, Vec<f64>) {
    let outcome = (1..=20).map(f64::from).chain([100.0; 10]).collect();
    let income = [1_000.0; 20].into_iter().chain([50_000.0; 10]).collect();
    (outcome, income)
}

#[test]
fn a_poor_state_is_compared_with_states_of_its_own_means() {
    let (outcome, income) = world();
    // State 9 has 10; its 19 peers have the others, of which the eighteenth (19) is where the best tenth begins.
    let found = adjusted(&outcome, Better::High, &income, 9).unwrap();
    assert_eq!((found.peers, found.frontier, found.floor), (19, 19.0, 1.0));
    assert!((found.share - 9.0 / 18.0).abs() < 1e-12);
    // The upper end is the best peer; the lower one leaves at most 2.5 per cent below it.
    assert_eq!(found.interval.low, 9.0 / 19.0);
    assert!(found.interval.low <= found.share && found.share <= found.interval.high);
    // 1 - 0.9^19 is what nineteen peers can say about their upper end.
    assert!(found.interval.level > 0.8 && found.interval.level < 1.0 - 0.9_f64.powi(19) + 1e-12);
    // The best of them reaches all that its peers reach, though richer states reach five times as much.
    assert_eq!(adjusted(&outcome, Better::High, &income, 19).unwrap().share, 1.0);
    // Where less is better, the one with least is best.
    assert_eq!(adjusted(&outcome, Better::Low, &income, 0).unwrap().share, 1.0);
}

#[test]
fn where_it_cannot_be_told_the_reason_is_given() {
    let (outcome, mut income) = world();
    assert_eq!(
        adjusted(&outcome, Better::High, &income, 25),
        Err(WhyNot::FewPeers { peers: 9, needed: 10 })
    );
    assert!(matches!(
        adjusted(&outcome, Better::High, &income, 30),
        Err(WhyNot::NoFigure { .. })
    ));
    assert!(matches!(
        adjusted(&[], Better::High, &income, 0),
        Err(WhyNot::NotFetched { .. })
    ));
    assert!(matches!(
        adjusted(&[5.0; 30], Better::High, &income, 0),
        Err(WhyNot::NoSpread { .. })
    ));
    income[0] = 0.0;
    let why = adjusted(&outcome, Better::High, &income, 0).unwrap_err();
    assert_eq!(why.to_string(), "INC says 0 for AAA, which cannot be an income");
}

#[test]
fn capacity_takes_the_first_series_that_knows_the_state() {
    let tax = Series::new("GC.TAX.TOTL.GD.ZS".parse().unwrap(), []);
    let revenue = series("GC.REV.XGRT.GD.ZS", &(0..20).map(f64::from).collect::<Vec<_>>());
    let found = fiscal_capacity(&[&tax, &revenue], &code(5), 2021, 5).unwrap();
    assert_eq!(
        (found.series.as_str(), found.value, found.peers),
        ("GC.REV.XGRT.GD.ZS", 5.0, 19)
    );
    assert!((found.share_below - 5.0 / 19.0).abs() < 1e-12);
    let why = fiscal_capacity(&[&tax], &code(5), 2021, 5).unwrap_err();
    assert_eq!(why.to_string(), "the series GC.TAX.TOTL.GD.ZS has not been fetched yet");
    assert!(fiscal_capacity(&[], &code(5), 2021, 5).is_err());
}

#[test]
fn effectiveness_carries_the_uncertainty_that_its_source_states() {
    let values: Vec<f64> = (0..20).map(|at| f64::from(at) / 10.0).collect();
    let (old, new) = (series("GE.EST", &values), series("GOV_WGI_GE.EST", &values));
    let errors = series("GE.STD.ERR", &[0.2; 20]);
    let found = government_effectiveness(&[&old], Some(&errors), &code(10), 2020, 3).unwrap();
    let interval = found.interval.unwrap();
    assert!((interval.low - (1.0 - 0.329)).abs() < 1e-9 && (interval.high - 1.329).abs() < 1e-9);
    let found = government_effectiveness(&[&new, &old], Some(&errors), &code(10), 2020, 3).unwrap();
    assert_eq!((found.series.as_str(), found.interval), ("GOV_WGI_GE.EST", None));
}

#[test]
fn the_interval_of_a_quantile_is_that_of_the_binomial_distribution() {
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let (value, interval) = quantiles::quantile(&values, 0.9).unwrap();
    // Binomial(100, 0.9): P(X <= 83) = 0.0206, P(X <= 84) = 0.0399; P(X <= 94) = 0.9424, P(X <= 95) = 0.9763.
    assert_eq!((value, interval.low, interval.high), (90.0, 84.0, 96.0));
    assert!((interval.level - (0.9763 - 0.0206)).abs() < 2e-4, "{interval:?}");
    assert!(quantiles::quantile(&[], 0.9).is_none());
    let (value, alone) = quantiles::quantile(&[7.0], 0.9).unwrap();
    assert_eq!((value, alone.low, alone.high), (7.0, 7.0, 7.0));
}

#[test]
fn the_fingerprint_does_not_depend_on_the_order_and_a_value_reads_back_as_it_was() {
    let figure = |at, year, value| Figure {
        state: code(at),
        year,
        value,
    };
    let (one, other) = (figure(1, 2001, 0.1), figure(0, 2003, -2.5));
    assert_eq!(
        fingerprint(&[one.clone(), other.clone()]),
        fingerprint(&[other.clone(), one.clone()])
    );
    assert_eq!(fingerprint(&[one, other]), digest("AAA,2003,-2.5\nAAB,2001,0.1\n"));
    assert_eq!(value_text(-0.0), "0");
    assert_eq!(value_text(21_500.75), "21500.75");
}

#[test]
fn a_series_has_a_code_that_can_stand_in_an_address() {
    for right in ["NY.GDP.PCAP.PP.KD", "per_si_allsi.cov_pop_tot", "GOV_WGI_GE.EST", "X"] {
        assert_eq!(right.parse::<SeriesId>().unwrap().as_str(), right);
    }
    for ours in series_of_means() {
        assert_eq!(ours.as_str().parse::<SeriesId>().unwrap(), ours);
    }
    for wrong in ["", ".", "../x", "A/B", "A B", "A?b", "=1", "É", &"A".repeat(61)] {
        assert!(wrong.parse::<SeriesId>().is_err(), "{wrong}");
    }
}

fn worlds() -> impl Strategy<Value = Vec<(f64, f64)>> {
    proptest::collection::vec((-1e6..1e6_f64, 100.0..1e5_f64), 1..120)
}

proptest! {
    #[test]
    fn a_share_lies_between_nothing_and_all_and_inside_its_interval(world in worlds(), at in 0..120_usize, low: bool) {
        let (outcome, income): (Vec<f64>, Vec<f64>) = world.into_iter().unzip();
        let better = if low { Better::Low } else { Better::High };
        if let Ok(found) = adjusted(&outcome, better, &income, at) {
            prop_assert!((0.0..=1.0).contains(&found.share));
            prop_assert!(found.interval.low <= found.share && found.share <= found.interval.high);
            prop_assert!((0.0..=1.0).contains(&found.interval.level));
            prop_assert!(found.peers >= 10 && found.peers < outcome.len());
        }
    }

    #[test]
    fn doing_better_never_lowers_the_share(world in worlds(), at in 0..120_usize, more in 0.0..1e6_f64) {
        let (mut outcome, income): (Vec<f64>, Vec<f64>) = world.into_iter().unzip();
        let at = at % outcome.len();
        let before = adjusted(&outcome, Better::High, &income, at);
        outcome[at] += more;
        if let (Ok(before), Ok(after)) = (before, adjusted(&outcome, Better::High, &income, at)) {
            prop_assert!(after.share >= before.share - 1e-9);
        }
    }

    #[test]
    fn the_unit_does_not_matter(world in worlds(), at in 0..120_usize, by in 0.01..100.0_f64, plus in -1e3..1e3_f64) {
        let (outcome, income): (Vec<f64>, Vec<f64>) = world.into_iter().unzip();
        let scaled: Vec<f64> = outcome.iter().map(|value| value * by + plus).collect();
        let dearer: Vec<f64> = income.iter().map(|value| value * 4.0).collect();
        if let (Ok(one), Ok(other)) =
            (adjusted(&outcome, Better::High, &income, at), adjusted(&scaled, Better::High, &dearer, at)) {
            prop_assert!((one.share - other.share).abs() < 1e-6);
        }
    }

    #[test]
    fn states_of_other_means_do_not_set_the_frontier(world in worlds(), at in 0..120_usize) {
        let (mut outcome, mut income): (Vec<f64>, Vec<f64>) = world.into_iter().unzip();
        let before = adjusted(&outcome, Better::High, &income, at);
        outcome.push(2e6);
        income.push(1e9);
        let after = adjusted(&outcome, Better::High, &income, at);
        // The new state takes the next place; the one asked for must have been there before.
        prop_assume!(at < outcome.len() - 1);
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_standing_is_a_share_of_the_others(values in proptest::collection::vec(-1e3..1e3_f64, 11..80), at in 0..80_usize) {
        let at = at % values.len();
        let found = standing(&series("X", &values), &code(at), 2020, 0).unwrap();
        let below = values.iter().filter(|value| **value < values[at]).count();
        prop_assert_eq!(found.peers, values.len() - 1);
        prop_assert!((0.0..=1.0).contains(&found.share_below));
        prop_assert!(found.share_below >= below as f64 / found.peers as f64 - 1e-12);
    }

    #[test]
    fn a_stored_value_is_the_same_number(value in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
        let text = value_text(value);
        prop_assert!(text.len() <= 40, "{}", text);
        prop_assert_eq!(text.parse::<f64>().unwrap(), value);
    }
}
