use super::*;
use proptest::prelude::*;

fn item(origin: &'static str, grade: u8, age: f64) -> Weighed<'static> {
    Weighed {
        grade: Grade::from_number(grade).expect("a grade"),
        reliability: Reliability::A,
        credibility: Credibility::One,
        age,
        year: 2025,
        kind: IndicatorKind::Outcome,
        origin,
        by_the_state: false,
    }
}

const ORIGINS: [&str; 4] = ["a", "b", "c", "d"];

fn any_item() -> impl Strategy<Value = Weighed<'static>> {
    (
        0..4_usize,
        0..5_u8,
        0..6_usize,
        0..6_usize,
        0.0..40.0_f64,
        0..3_usize,
        any::<bool>(),
    )
        .prop_map(
            |(origin, grade, reliability, credibility, age, kind, by_the_state)| Weighed {
                reliability: Reliability::ALL[reliability],
                credibility: Credibility::ALL[credibility],
                kind: IndicatorKind::ALL[kind],
                by_the_state,
                ..item(ORIGINS[origin], grade, age)
            },
        )
}

#[test]
fn the_sentence_is_that_of_the_method() {
    let mut found = suggest(&[
        item("a", 1, 1.0),
        item("b", 2, 0.0),
        item("c", 3, 0.0),
        item("d", 3, 1.0),
    ]);
    assert_eq!(
        found.words(),
        "partly in place (range: not in place–fully in place), four items, newest 2025"
    );
    found.grade = Some(Grade::Partly);
    found.range = (Grade::NotInPlace, Grade::Substantially);
    found.contested = true;
    found.items.push(found.items[0].clone());
    assert_eq!(
        found.sentence(),
        "Partly in place (range: not in place–substantially), five items, newest 2025, contested."
    );
    assert_eq!(suggest(&[]).sentence(), "Insufficient evidence for a grade.");
    assert_eq!(
        suggest(&[item("a", 1, 9.0)]).sentence(),
        "Insufficient evidence for a grade, one item, newest 2025."
    );
}

#[test]
fn a_grade_that_other_half_lives_would_move_is_fragile() {
    let firm = sensitivity(&[item("a", 2, 0.0), item("b", 2, 0.0), item("c", 2, 0.0)]);
    assert!(!firm.is_fragile(), "{firm:?}");
    // The old finding outweighs the new one only while it does not age too fast.
    let fragile = sensitivity(&[
        item("a", 0, 3.0),
        item("b", 0, 3.0),
        item("c", 0, 3.0),
        item("d", 3, 0.0),
    ]);
    assert!(fragile.is_fragile(), "{fragile:?}");
    let thin = sensitivity(&[item("a", 2, 2.0)]);
    assert!(thin.grade.is_none() && !thin.is_fragile(), "{thin:?}");
}

#[test]
fn far_apart_is_more_than_one_grade() {
    let found = suggest(&[item("a", 2, 0.0), item("b", 2, 0.0)]);
    let differs = |number| found.differs(Grade::from_number(number));
    assert_eq!([0, 1, 2, 3, 4].map(differs), [true, false, false, false, true]);
    assert!(!found.differs(None));
}

proptest! {
    #[test]
    fn a_distribution_adds_up_and_the_order_does_not_matter(items in prop::collection::vec(any_item(), 0..12)) {
        let found = suggest(&items);
        prop_assert!((found.distribution.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!((0.0..=1.0 + 1e-9).contains(&found.conflict));
        prop_assert!(found.range.0 <= found.median && found.median <= found.range.1);
        prop_assert!(found.grade.is_none_or(|grade| grade <= found.median));
        let mut turned = items.clone();
        turned.reverse();
        let other = suggest(&turned);
        prop_assert_eq!((found.grade, found.range, &found.notes), (other.grade, other.range, &other.notes));
        prop_assert!((found.strength - other.strength).abs() < 1e-9);
    }

    #[test]
    fn more_support_from_a_new_source_never_lowers_the_middle(items in prop::collection::vec(any_item(), 0..12)) {
        let before = suggest(&items);
        let mut more = items.clone();
        more.push(item("new", 4, 0.0));
        let after = suggest(&more);
        prop_assert!(after.median >= before.median);
        prop_assert!(after.distribution[4] >= before.distribution[4]);
        prop_assert!(after.strength >= before.strength + 1.0 - 1e-9);
    }

    #[test]
    fn a_copy_adds_nothing_to_the_strength(items in prop::collection::vec(any_item(), 1..12), at in 0..12_usize) {
        let before = suggest(&items);
        let mut copied = items.clone();
        copied.push(items[at % items.len()].clone());
        prop_assert!((suggest(&copied).strength - before.strength).abs() < 1e-9);
    }

    #[test]
    fn without_an_item_is_as_if_it_had_never_been(items in prop::collection::vec(any_item(), 1..12)) {
        let whole = suggest(&items);
        for part in contributions(&items) {
            let mut rest = items.clone();
            rest.remove(part.index);
            let expected = suggest(&rest).grade;
            prop_assert_eq!(part.without, expected);
            prop_assert_eq!(part.moves, expected != whole.grade);
            prop_assert!((part.weight - whole.items[part.index].weight).abs() < 1e-12);
        }
    }
}
