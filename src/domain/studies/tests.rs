use super::*;
use crate::domain::agreement::Use;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn study(coders: &[&str], cases: u32) -> Study {
    Study {
        id: StudyId::fresh(),
        title: "A pilot".to_owned(),
        question: "Why does the gap stay open?".to_owned(),
        sample: "pasted".to_owned(),
        draw: None,
        cases,
        engine: false,
        coders: coders
            .iter()
            .map(|who| StudyCoder {
                who: (*who).to_owned(),
                finished_at: None,
            })
            .collect(),
        opened_by: "mo".to_owned(),
        opened_at: at("2026-11-20T08:00:00Z"),
        status: StudyStatus::Open,
        closed_at: None,
        reason: None,
    }
}

fn code(study: &Study, case: u32, coder: &str, cause: Cause) -> Code {
    Code {
        id: CodeId::fresh(),
        study: study.id,
        case,
        coder: coder.to_owned(),
        cause,
        subclass: String::new(),
        second: None,
        sure: true,
        reason: "Because.".to_owned(),
        signs: Vec::new(),
        coded_at: at("2026-11-21T08:00:00Z"),
        superseded_at: None,
    }
}

/// One line for each coder, one letter for each case: r, w, i, o, u; a dot where there is none.
fn coded(study: &Study, lines: &[(&str, &str)]) -> Vec<Code> {
    let mut codes = Vec::new();
    for (who, line) in lines {
        for (case, letter) in (1..).zip(line.chars()) {
            let at = "rwiou".find(letter);
            codes.extend(at.map(|at| code(study, case, who, Cause::ALL[at])));
        }
    }
    codes
}

fn found(study: &Study, lines: &[(&str, &str)]) -> Results {
    let codes = coded(study, lines);
    results(study, &codes.iter().collect::<Vec<_>>())
}

fn close(measure: &Measure, expected: f64) {
    let value = measure.alpha.as_ref().expect("a figure").value;
    assert!((value - expected).abs() < 0.0005, "{value} is not {expected}");
}

#[test]
fn the_published_example_of_two_observers_comes_out_to_the_third_decimal() {
    // Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section B: two observers, twelve units.
    let ben_and_gerry = [("ben", "rrwwouuurrrr"), ("gerry", "rrwwouuurrrr")];
    let all_same = found(&study(&["ben", "gerry"], 12), &ben_and_gerry);
    close(&all_same.overall, 1.0);
    let lines = [("ben", "rrwwoiiiuoor"), ("gerry", "wrwwwiiiuooo")];
    let told = found(&study(&["ben", "gerry"], 12), &lines);
    close(&told.overall, 0.692);
    assert_eq!((told.shared, told.same), (12, 9));
    assert_eq!(told.disagreements, [1, 5, 12]);
    assert_eq!(told.overall.verdict, Verdict::Given(Use::Tentatively));
    assert_eq!(told.confusion.pairs(), 12);
    assert_eq!(told.confusion.same(), 9);
    assert_eq!(told.confusion.either(0, 1), 1);
    assert_eq!(told.confusion.either(3, 0), 1);
    assert_eq!(told.tallies[0].causes, [3, 2, 3, 3, 1]);
    // Each cause against the rest: information was named on the same three cases, which are too few for a verdict.
    let information = &told.causes[2].1;
    close(information, 1.0);
    assert_eq!((information.named, information.verdict), (3, Verdict::TooFew(3)));
}

#[test]
fn the_published_example_of_four_observers_with_gaps_comes_out_to_the_third_decimal() {
    let lines = [
        ("a", "rwiiwrorw..."),
        ("b", "rwiiwworwu.i"),
        ("c", ".iiiwiowwur."),
        ("d", "rwiiwoorwur."),
    ];
    let told = found(&study(&["a", "b", "c", "d"], 12), &lines);
    close(&told.overall, 0.743);
    assert_eq!((told.shared, told.overall.alpha.expect("a figure").units), (11, 11));
}

#[test]
fn too_few_cases_carry_no_verdict_and_one_value_no_figure() {
    let told = found(&study(&["a", "b"], 3), &[("a", "rwi"), ("b", "rwi")]);
    close(&told.overall, 1.0);
    assert_eq!(told.overall.verdict, Verdict::TooFew(3));
    let told = found(&study(&["a", "b"], 10), &[("a", "rrrrrrrrrr"), ("b", "rrrrrrrrrr")]);
    assert!(told.overall.alpha.is_err());
    assert_eq!(told.overall.verdict, Verdict::None);
    assert_eq!(told.causes[1].1.verdict.words(), "named on no case: no verdict");
    let none = found(&study(&["a", "b"], 6), &[("a", "rrrrrr")]);
    assert_eq!((none.shared, none.overall.verdict), (0, Verdict::TooFew(0)));
}

#[test]
fn the_engine_is_beside_the_people_and_not_among_them() {
    let mut study = study(&["a", "b"], 6);
    study.engine = true;
    let told = found(&study, &[("a", "rrwwii"), ("b", "rrwwii"), (ENGINE, "rrwwuu")]);
    close(&told.overall, 1.0);
    assert!(told.disagreements.is_empty());
    let together = told.with_engine.expect("with the engine").alpha.expect("a figure");
    assert!(together.value < 1.0 && together.values == 18);
    let against = told.against_engine.expect("against the engine");
    assert_eq!((against.pairs(), against.same(), against.cells[4][2]), (12, 8, 4));
    assert_eq!(
        told.tallies.last().map(|one| (one.coder.as_str(), one.coded())),
        Some((ENGINE, 6))
    );
}

#[test]
fn nobody_sees_anothers_code_before_all_have_finished() {
    let mut study = study(&["a", "b"], 2);
    let codes = coded(&study, &[("a", "rw"), ("b", "r."), (ENGINE, "rr")]);
    let seen = |study: &Study, who: &str, on: &str| study.visible(who, &codes, day(on)).len();
    let all = |study: &Study, on| ["a", "b", "mo"].map(|who| seen(study, who, on));
    assert_eq!(all(&study, "2026-11-25"), [2, 1, 0]);
    assert_eq!(all(&study, "2026-11-20"), [0, 0, 0]);
    study.status = StudyStatus::Ended;
    study.closed_at = Some(at("2026-11-22T08:00:00Z"));
    assert_eq!(all(&study, "2026-11-25"), [5, 5, 5]);
    assert_eq!(
        all(&study, "2026-11-21"),
        [2, 1, 0],
        "the day before shows what was seen then"
    );
    let statuses = ["2026-11-19", "2026-11-21", "2026-11-22"].map(|on| study.status_on(day(on)));
    assert_eq!(statuses, [None, Some(StudyStatus::Open), Some(StudyStatus::Ended)]);
}

#[test]
fn each_step_is_allowed_in_its_place_only() {
    let mut study = study(&["a", "b"], 3);
    assert!(study.may_code("a").is_ok() && study.may_code("mo").is_err());
    assert_eq!(
        study.may_finish("a", 1),
        Err("2 cases have no code of yours yet".to_owned())
    );
    assert!(study.may_finish("a", 3).is_ok() && study.may_finish("mo", 3).is_err());
    assert!(study.may_end("mo").is_ok() && study.may_end("a").is_err());
    study.coders[0].finished_at = Some(at("2026-11-21T08:00:00Z"));
    assert!(study.may_finish("a", 3).is_err() && study.may_code("a").is_ok());
    for status in [StudyStatus::Complete, StudyStatus::Ended] {
        study.status = status;
        assert!(study.may_code("a").is_err() && study.may_end("mo").is_err());
    }
}

#[test]
fn a_choice_fits_together_or_says_what_does_not() {
    let said = |cause, subclass, second| answered(cause, subclass, second);
    assert!(said(Cause::Information, "misunderstanding", Some(Cause::Resources)).is_ok());
    assert!(said(Cause::Undetermined, "", None).is_ok());
    let (field, why) = said(Cause::Resources, "conflict", None).expect_err("refused");
    assert!(field == "subclass" && why.contains("belongs to other factors"), "{why}");
    assert_eq!(said(Cause::Resources, "zzz", None).expect_err("refused").0, "subclass");
    for (cause, second) in [
        (Cause::Resources, Cause::Resources),
        (Cause::Resources, Cause::Undetermined),
        (Cause::Undetermined, Cause::Other),
    ] {
        assert_eq!(said(cause, "", Some(second)).expect_err("refused").0, "second");
    }
}

#[test]
fn the_same_seed_draws_the_same_cases() {
    let all: Vec<u32> = (0..100).collect();
    let one = draw(all.clone(), 10, 7);
    assert_eq!(one, draw(all.clone(), 10, 7));
    assert_ne!(one, draw(all.clone(), 10, 8));
    let mut sorted = one.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), 10);
    assert_eq!(draw(all.clone(), 200, 1).len(), 100);
    // Every case is drawn about as often: over a thousand seeds each of the hundred comes a hundred times, give or take.
    let mut times = [0_u32; 100];
    for seed in 0..1_000 {
        draw(all.clone(), 10, seed)
            .iter()
            .for_each(|at| times[*at as usize] += 1);
    }
    assert!(times.iter().all(|times| (55..=145).contains(times)), "{times:?}");
}

#[test]
fn a_seal_covers_the_code_and_cannot_be_guessed_from_it() {
    let study = study(&["a", "b"], 1);
    let one = code(&study, 1, "a", Cause::Resources);
    let other = Code {
        cause: Cause::Other,
        ..one.clone()
    };
    assert_ne!(one.seal().expect("a seal"), other.seal().expect("a seal"));
    let again = Code {
        id: CodeId::fresh(),
        ..one.clone()
    };
    assert_ne!(one.seal().expect("a seal"), again.seal().expect("a seal"));
}
