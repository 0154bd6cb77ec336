//! A diplomat reads the gap summary: its figures are those of every other answer, and its words are careful.

use crate::support::desk;
use crate::support::visitor::Visitor;
use axum::http::StatusCode;
use std::process::Command;

/// What the command line prints about gaps, on the same database.
fn gaps_on_the_command_line(visitor: &Visitor, state: &str) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["gaps", "--state", state, "--as-of", "2026-11-23", "--format", "json"])
        .env("SERVANDA_DATABASE_URL", &visitor.test.url)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[tokio::test]
async fn the_figures_are_those_of_the_command_line_and_each_leads_on() {
    let mut visitor = Visitor::new().await;
    for state in ["MEX", "CYP", "TUV"] {
        let page = visitor.reads(&format!("/states/{state}/summary")).await;
        let gaps = gaps_on_the_command_line(&visitor, state);
        let all = visitor
            .reads(&format!("/api/v1/obligations?state={state}"))
            .await
            .json();
        let all = all["obligations"].as_array().expect("rows").len();
        let (known, unknown) = (&gaps["known"], &gaps["no_information"]);
        let words = page.words();
        assert!(words.contains(&format!("{known} of ")), "{state}: {known} known");
        assert!(words.contains("known gaps") && words.contains("without usable information"));
        let sentence = format!("On {unknown} of ");
        assert!(
            *unknown == 0 || words.contains(&sentence),
            "{state}: {sentence}: {words}"
        );
        assert!(words.contains(&format!("{all} obligations")), "{state}: {all} {words}");
        for link in ["/obligations\"", "/gaps\"", "/gaps?kind=no_information\""] {
            assert!(page.text.contains(&format!("/states/{state}{link}")), "{state}: {link}");
        }
        assert!(
            page.text.contains("summary?as_of=2026-11-23"),
            "{state}: a lasting address"
        );
    }
}

#[tokio::test]
async fn causes_are_worded_with_care_and_own_words_stand_beside_ours() {
    let mut visitor = Visitor::monitor().await;
    let page = visitor.reads("/states/CYP/summary").await;
    assert!(
        page.words().contains("signals of a lack of resources"),
        "{}",
        page.words()
    );
    for word in ["political will", "refuses", "fails to"] {
        assert!(!page.words().contains(word), "{word}");
    }
    let new = "/states/MEX/evidence/new";
    let of = |title, role, kind, gist| {
        [
            ("title", title),
            ("gist", gist),
            ("theme", "T08"),
            ("source_kind", kind),
            ("author_role", role),
            ("published", "2026-01"),
            ("stance", "contradicts"),
            ("grade", "1"),
            ("kind", "process"),
            ("reliability", "A"),
            ("credibility", "1"),
        ]
    };
    let ours = of(
        "Held too long",
        "treaty_body",
        "concluding_observations",
        "People are held too long.",
    );
    let theirs = of(
        "Reply of the state",
        "state",
        "state_report",
        "A bill against it is before the congress.",
    );
    for fields in [ours, theirs] {
        let sent = visitor.submit(new, new, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        desk::accept(&visitor.test.db, sent.to()).await;
    }
    let words = visitor.reads("/states/MEX/summary").await.words();
    assert!(
        words.contains("The state says: A bill against it is before the congress."),
        "{words}"
    );
    assert!(words.contains("People are held too long."), "{words}");
    assert!(words.contains("Reply of the state"));
    let before = visitor.reads("/states/MEX/summary?as_of=2026-11-22").await;
    assert!(!before.words().contains("A bill against it"));
    assert!(
        before.text.contains("/states/MEX/gaps?as_of=2026-11-22"),
        "links keep the day"
    );
}

#[tokio::test]
async fn a_cause_is_told_only_of_the_obligation_for_which_it_was_recorded_and_both_sides_are_heard() {
    let mut visitor = Visitor::monitor().await;
    let duty = |provision: &str| format!("/states/MEX/obligations/{provision}");
    for provision in ["ICRMW-16.3", "ICRMW-16.4"] {
        let fields = [
            ("grade", "1"),
            ("reasons", "Nobody is released in time."),
            ("seen", "any"),
        ];
        let sent = visitor
            .submit(&duty(provision), &format!("{}/grade", duty(provision)), &fields)
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    }
    visitor.reads(&duty("ICRMW-16.4")).await;
    let cause = [
        ("cause", "information"),
        ("subcause", "misinformation"),
        ("weight", "30"),
        ("rationale", "Officers believe that the limit does not bind them."),
    ];
    let sent = visitor
        .submit(&duty("ICRMW-16.4"), &format!("{}/cause", duty("ICRMW-16.4")), &cause)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let new = "/states/MEX/evidence/new";
    for (title, stance, grade) in [("Kept", "supports", "4"), ("Broken", "contradicts", "0")] {
        let fields = [
            ("title", title),
            ("gist", title),
            ("theme", ""),
            ("provisions", "ICRMW-16.5"),
            ("source_kind", "nhri"),
            ("author_role", "nhri"),
            ("published", "2026-10"),
            ("stance", stance),
            ("grade", grade),
            ("kind", "outcome"),
            ("reliability", "A"),
            ("credibility", "1"),
        ];
        visitor.reads(new).await;
        let sent = visitor.submit(new, new, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        desk::accept(&visitor.test.db, sent.to()).await;
    }
    let page = visitor.reads("/states/MEX/summary").await;
    let rows: Vec<&str> = page.text.split("<tr>").collect();
    let of = |name: &str| {
        let found = rows.iter().find(|row| row.contains(&format!(">{name}<")));
        (*found.unwrap_or_else(|| panic!("no row of {name}: {}", page.text))).to_owned()
    };
    assert!(
        of("ICRMW 16(4)").contains("lack of information"),
        "{}",
        of("ICRMW 16(4)")
    );
    assert!(
        !of("ICRMW 16(3)").contains("lack of information"),
        "{}",
        of("ICRMW 16(3)")
    );
    let contested = of("ICRMW 16(5)");
    assert!(
        contested.contains("On the other side:") && contested.contains("Kept") && contested.contains("Broken"),
        "{contested}"
    );
    assert!(
        page.words().contains("Fully in place: none. Substantially in place:"),
        "{}",
        page.words()
    );
    assert!(!page.words().contains("No evidence held shows"));
}
