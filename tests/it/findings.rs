//! What a page of one obligation reads is what a page of the whole state would show of it.

use crate::support::db::TestDb;
use servanda::domain::ids::StateCode;
use servanda::domain::summaries::{ObligationPicture, StatePicture};
use servanda::store::{findings, library};
use std::collections::BTreeSet;

/// What is compared: the evidence, what it suggests, and where the obligation stands.
fn told(one: &ObligationPicture<'_>) -> String {
    let evidence: Vec<_> = one.evidence.iter().map(|item| (item.id, item.revision)).collect();
    format!("{evidence:?} {} {:?}", one.suggestion.words(), one.standing)
}

#[tokio::test]
async fn the_evidence_about_a_theme_shows_its_obligations_as_all_evidence_does() {
    let test = TestDb::shipped().await;
    let shelf = library::load_once(&test.db).await.expect("the facts");
    let day = "2026-11-23".parse().expect("a day");
    let mut with_evidence = 0;
    for state in ["AZE", "CYP", "LKA", "MEX"] {
        let state: StateCode = state.parse().expect("a state");
        let whole = findings::of_state(&test.db, &state).await.expect("readable");
        let whole = StatePicture::of(&shelf.reference, &shelf.world, &whole, &state, day);
        for theme in shelf.reference.themes() {
            let only = BTreeSet::from([theme.code.clone()]);
            let part = findings::about(&test.db, &state, &only).await.expect("readable");
            let part = StatePicture::of(&shelf.reference, &shelf.world, &part, &state, day);
            for one in &part.obligations {
                if one.obligation.provision.theme == theme.code {
                    let same = whole.obligation(&one.obligation.provision.id).expect("in force");
                    assert_eq!(told(one), told(same), "{state} {}", one.obligation.provision.id);
                    with_evidence += usize::from(!one.evidence.is_empty());
                }
            }
        }
    }
    assert!(
        with_evidence > 20,
        "{with_evidence} obligations had evidence to compare"
    );
}
