//! Every page with a day before the work shows the world before it.

use crate::support::app::TestApp;
use crate::support::{desk, people};
use axum::http::StatusCode;
use servanda::web::links::patterns;

const NEW: &str = "/states/MEX/evidence/new";
/// A word that stands nowhere but in the work of the day.
const WORD: &str = "zebra";

/// Pages that are a form to change what stands now.
const FORMS: &[&str] = &[patterns::edit_evidence];

/// The address that fits a pattern, about the work.
fn address(pattern: &str, evidence: &str) -> String {
    let known = [
        ("{state}", "MEX"),
        ("{provision}", "ICRMW-16.4"),
        ("{instrument}", "ICRMW"),
        ("{theme}", "T08"),
        ("{email}", "monitor%40example.org"),
    ];
    let mut address = pattern.to_owned();
    for (name, value) in known {
        address = address.replace(name, value);
    }
    // Whatever else is named has the identity of the evidence: it fits, or it is not there.
    while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
        address.replace_range(from..=to, evidence);
    }
    address
}

async fn work(app: &mut TestApp) -> String {
    app.sign_in_as(people::MONITOR).await;
    app.see(NEW).await;
    let fields = [
        ("title", "zebra inspection of stations"),
        (
            "gist",
            "The zebra inspection found people held for longer than the law allows.",
        ),
        ("theme", "T08"),
        ("source_kind", "nhri"),
        ("author_role", "nhri"),
        ("published", "2025-03"),
        ("stance", "contradicts"),
        ("strength", "strong"),
        ("grade", "1"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "1"),
    ];
    let sent = app.post_form(NEW, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    desk::accept(&app.test.db, sent.to()).await;
    let obligation = "/states/MEX/obligations/ICRMW-16.4";
    app.see(obligation).await;
    let grade = [
        ("grade", "1"),
        ("reasons", "As the zebra inspection shows."),
        ("seen", "any"),
    ];
    let graded = app.post_form(&format!("{obligation}/grade"), &grade).await;
    assert_eq!(graded.status, StatusCode::SEE_OTHER, "{}", graded.text);
    let cause = [("cause", "resources"), ("rationale", "No zebra inspectors are paid.")];
    let caused = app.post_form(&format!("{obligation}/cause"), &cause).await;
    assert_eq!(caused.status, StatusCode::SEE_OTHER, "{}", caused.text);
    sent.to()
        .trim_start_matches("/evidence/")
        .split('?')
        .next()
        .unwrap_or("")
        .to_owned()
}

#[tokio::test]
async fn a_day_before_the_work_no_page_mentions_it_and_on_its_day_the_pages_about_it_do() {
    let mut app = TestApp::start().await;
    let evidence = work(&mut app).await;
    let mentions = [
        patterns::evidence,
        patterns::state_evidence,
        patterns::obligation,
        patterns::theme,
        patterns::history_of_evidence,
        patterns::history_of_obligation,
        patterns::history_of_state,
    ];
    let api = [
        "/api/v1/evidence?state=MEX",
        "/api/v1/gaps?state=MEX",
        "/api/v1/evidence/{evidence}",
    ];
    let mut wrong = Vec::new();
    app.at("2026-11-25T08:00:00Z");
    for account in [
        None,
        Some(people::READER),
        Some(people::MONITOR),
        Some(people::ADMINISTRATOR),
    ] {
        match account {
            Some(email) => app.sign_in_as(email).await,
            None => drop(app.leave()),
        }
        // The search for a word shows the word itself, so nothing is searched for here.
        for pattern in patterns::ALL.iter().chain(&api) {
            let page = address(pattern, &evidence);
            let with = if page.contains('?') { '&' } else { '?' };
            let before = app.get(&format!("{page}{with}as_of=2026-11-22")).await;
            assert!(!before.status.is_server_error(), "{page}: {}", before.text);
            let said = before.text.to_lowercase().contains(WORD);
            // A form works on what stands now, whatever day its page was read on.
            if said && !FORMS.contains(pattern) {
                wrong.push(format!("{page} tells {account:?} of the work of the day after"));
            }
            for day in ["2026-11-23", "2026-11-25"] {
                let after = app.get(&format!("{page}{with}as_of={day}")).await;
                let said = after.text.to_lowercase().contains(WORD);
                let must = mentions.contains(pattern) || pattern.starts_with("/api/v1/evidence");
                if must && !said {
                    wrong.push(format!("{page} does not tell {account:?} on {day}"));
                }
            }
        }
        for (page, kind) in [
            ("/states/MEX/evidence", "csv"),
            ("/history/states/MEX", "csv"),
            ("/states/MEX/gaps", "json"),
        ] {
            let before = app.see(&format!("{page}.{kind}?as_of=2026-11-22")).await;
            before.keeps_quiet_about(&[WORD]);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_replaced_revision_is_what_a_page_of_its_day_shows() {
    let mut app = TestApp::start().await;
    let id = work(&mut app).await.parse().expect("an identity");
    let shelf = servanda::store::library::load_once(&app.test.db)
        .await
        .expect("the shelf");
    let mut next = servanda::store::evidence::latest(&app.test.db, id)
        .await
        .expect("read")
        .expect("there")
        .evidence;
    next.title = "okapi inspection of stations".to_owned();
    let draft = servanda::actions::evidence::EvidenceDraft {
        state: "MEX".to_owned(),
        title: next.title,
        gist: "Corrected.".to_owned(),
        theme: "T08".to_owned(),
        source_kind: "nhri".to_owned(),
        author_role: "nhri".to_owned(),
        published: "2025-03".to_owned(),
        stance: "contradicts".to_owned(),
        kind: "outcome".to_owned(),
        reliability: "A".to_owned(),
        credibility: "1".to_owned(),
        seen: "1".to_owned(),
        ..Default::default()
    };
    let later = "2026-11-24T09:00:00Z".parse().expect("a moment");
    let doing = |actor| servanda::actions::Doing {
        actor,
        now: later,
        key: None,
    };
    let done = servanda::actions::evidence::revise(&app.test.db, &shelf.reference, doing(people::MONITOR), id, &draft);
    done.await.expect("revised");
    let review = servanda::actions::reviews::ReviewDraft {
        step: "accept".to_owned(),
        items: vec![format!("{id}@2")],
        ..Default::default()
    };
    let done = servanda::actions::reviews::review(&app.test.db, doing(people::COLLEAGUE), &review);
    done.await.expect("accepted");
    app.at("2026-11-25T08:00:00Z");
    app.leave();
    for page in [
        "/themes/T08".to_owned(),
        "/states/MEX/evidence".to_owned(),
        format!("/evidence/{id}"),
    ] {
        let old = app.see(&format!("{page}?as_of=2026-11-23")).await;
        old.says(&["zebra inspection"]).keeps_quiet_about(&["okapi"]);
        let new = app.see(&page).await;
        new.says(&["okapi inspection"]);
    }
}
