//! What a status page of the depositary says otherwise than we do is kept until an administrator accepts or refuses it.

use crate::support::app::{Answer, TestApp};
use crate::support::browser::{Site, WIDTHS, Window};
use crate::support::desk::doing;
use crate::support::people::ADMINISTRATOR;
use axum::http::StatusCode;
use sea_orm::{ConnectionTrait, Database};
use servanda::actions::ActionError;
use servanda::actions::proposals::{AcceptDraft, accept, find, refuse};
use servanda::domain::proposals::{Proposal, ProposalStatus, Seen};
use servanda::domain::users::Role;
use servanda::sources::untc::read;
use servanda::store::{audit, library, proposals};
use std::path::Path;

const FORM: &str = "/sources/untc";

/// The invented page without the rows that cannot be read, as at a later day.
fn whole() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sources/untc/layout_grid.html");
    let text = std::fs::read_to_string(path).expect("readable");
    let unread = ["<tr><td>Atlantis<", "<tr><td>Uganda<", "<tr><td>St. Lucia<"];
    let lines = text.lines().filter(|line| !unread.iter().any(|row| line.contains(row)));
    lines.collect::<Vec<_>>().join("\n").replace("05-06-2025", "05-06-2026")
}

async fn send(app: &mut TestApp, text: &str) -> Answer {
    app.see(FORM).await;
    let answer = app.upload(FORM, &[], &[("cmw.html", text.as_bytes())]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer
}

async fn held(app: &TestApp, status: Option<ProposalStatus>) -> Vec<Proposal> {
    let wanted = proposals::Wanted {
        status,
        instrument: None,
    };
    proposals::list(&app.test.db, &wanted, 0, 1_000).await.expect("a list")
}

async fn of(app: &TestApp, state: &str, about: &str, status: ProposalStatus) -> Proposal {
    let all = held(app, Some(status)).await;
    let one = all
        .iter()
        .find(|one| one.state.as_str() == state && one.differs.about == about);
    one.unwrap_or_else(|| panic!("no {status:?} proposal of {state} about {about}: {all:#?}"))
        .clone()
}

#[tokio::test]
async fn differences_are_kept_once_and_one_is_accepted_and_another_refused_for_good() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Administrator).await;
    let told = send(&mut app, &whole()).await;
    let number = held(&app, None).await.len();
    assert!(number > 10);
    told.says(&[&format!("{number} proposals are new, 0 were open already"), "Decide"]);
    send(&mut app, &whole())
        .await
        .says(&[&format!("0 proposals are new, {number} were open already")]);
    assert_eq!(held(&app, None).await.len(), number);

    let place = app.see("/desk").await.link("Proposals from status pages");
    let list = app.see(&place).await;
    list.says(&[
        &format!("{number} open, 0 accepted, 0 refused; 0 no longer differ"),
        "Argentina",
    ]);
    app.see("/sources/untc/proposals.csv")
        .await
        .says(&["Test administrator", "ratification of 2007-02-24"]);
    app.see("/sources/untc/proposals?status=refused")
        .await
        .says(&["No such proposal"]);
    let argentina = of(&app, "ARG", "action", ProposalStatus::Open).await;
    assert_eq!(
        (
            argentina.differs.seen.file.as_str(),
            argentina.differs.seen.sha256.len()
        ),
        ("cmw.html", 64)
    );
    let place = format!("/sources/untc/proposals/{}", argentina.id);
    let page = app.see(&place).await;
    let source = "UN Treaty Collection, status page of ICRMW as at 2026-06-05";
    page.says(&[
        "Record the ratification of 2007-02-24",
        "status as at 2026-06-05",
        source,
        "“cmw.html”",
    ]);
    let bad = app
        .post_form(&format!("{place}/accept"), &[("source", ""), ("reason", "")])
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    bad.says(&["Source: must be given"]);
    let before = app.audited().await;
    let fields = [
        ("source", source),
        ("reason", "The depositary has this day."),
        ("form_key", "accept-1"),
    ];
    let sent = app.post_form(&format!("{place}/accept"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let twice = app.post_form(&format!("{place}/accept"), &fields).await;
    assert!(app.get(twice.to()).await.to().starts_with(&place));
    assert_eq!(
        app.audited().await,
        before + 2,
        "the treaty action and the proposal, once"
    );
    app.see(sent.to())
        .await
        .says(&["The treaty action is recorded", "accepted, Test administrator"]);
    app.see("/history/participation/ARG/ICRMW").await.says(&[
        "accepted a proposal",
        "recorded a treaty action",
        "The depositary has this day.",
    ]);

    let jamaica = of(&app, "JAM", "denunciation", ProposalStatus::Open).await;
    let place = format!("/sources/untc/proposals/{}", jamaica.id);
    app.see(&place).await;
    let without = app.post_form(&format!("{place}/refuse"), &[("reason", "")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = app
        .post_form(&format!("{place}/refuse"), &[("reason", "Invented: ocelot.")])
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(sent.to())
        .await
        .says(&["The same difference is not raised again", "ocelot"]);
    let late = app
        .post_form(&format!("{place}/accept"), &[("source", "x"), ("reason", "x")])
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says(&["was refused already"]);

    // Sent again: what was accepted is the same now, what was refused stays so.
    let again = send(&mut app, &whole()).await;
    again.says(&[
        "0 proposals are new",
        "1 was refused before and stays so",
        "Refused before",
    ]);
    // What was refused comes back when the page says something else.
    let changed = whole().replace("On 23 October 2015", "On 24 October 2015");
    send(&mut app, &changed).await;
    let back = of(&app, "JAM", "denunciation", ProposalStatus::Open).await;
    assert!(back.differs.theirs.expect("said").contains("2015-10-24"));
    app.audited().await;

    for role in [Role::Monitor, Role::Official, Role::Reader] {
        app.sign_in(role).await;
        for path in ["/sources/untc/proposals", "/sources/untc/proposals.csv", &place] {
            assert_eq!(app.get(path).await.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
        let sent = app.post_form(&format!("{place}/refuse"), &[("reason", "x")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
    }
    let raw = Database::connect(&app.test.url).await.expect("opens");
    raw.execute_unprepared("UPDATE proposals SET status = 'open' WHERE status = 'refused'")
        .await
        .expect("changed");
    raw.close().await.expect("closed");
    let wrong = audit::inspect(&app.test.db).await.expect("read").expect_err("broken");
    assert!(format!("{wrong:?}").contains("proposals"), "{wrong:?}");
}

#[tokio::test]
async fn what_no_longer_differs_is_closed_but_not_by_an_older_page_or_one_read_in_part() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Administrator).await;
    let wrong = whole().replace("5 Jun\t 2007 a", "5 Jun\t 2007");
    send(&mut app, &wrong).await;
    let albania = of(&app, "ALB", "action", ProposalStatus::Open).await;
    assert_eq!(albania.differs.kind, "other_action");
    let older = whole().replace("05-06-2026", "05-06-2024");
    send(&mut app, &older)
        .await
        .says(&["0 are closed because they no longer differ"]);
    let in_part = whole().replace(
        "<tr><td>Mali<br>",
        "<tr><td>Atlantis<br></td><td></td><td>1 Apr 2011 a</td></tr><tr><td>Mali<br>",
    );
    send(&mut app, &in_part)
        .await
        .says(&["none was closed, because not all of the page could be read"]);
    of(&app, "ALB", "action", ProposalStatus::Open).await;
    send(&mut app, &whole()).await;
    let gone = of(&app, "ALB", "action", ProposalStatus::Gone).await;
    assert_eq!(gone.id, albania.id);
    app.see(&format!("/sources/untc/proposals/{}", gone.id))
        .await
        .says(&["no longer differs", "the page as at 2026-06-05 says the same as we do"])
        .keeps_quiet_about(&["Accept it", "Refuse it"]);

    // Another action on the same day: accepted, it takes the place of ours, and nothing differs any more.
    send(&mut app, &wrong).await;
    let albania = of(&app, "ALB", "action", ProposalStatus::Open).await;
    let place = format!("/sources/untc/proposals/{}", albania.id);
    app.see(&place).await.says(&["Record the ratification of 2007-06-05"]);
    let fields = [("source", "the page"), ("reason", "It was a ratification.")];
    let sent = app.post_form(&format!("{place}/accept"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    send(&mut app, &wrong).await;
    let open = held(&app, Some(ProposalStatus::Open)).await;
    assert!(
        !open
            .iter()
            .any(|one| one.state.as_str() == "ALB" && one.differs.about == "action")
    );
    app.audited().await;
}

#[tokio::test]
async fn a_page_without_its_end_says_nothing_of_what_it_does_not_have() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Administrator).await;
    let all = whole();
    let end = all.rfind("</table>").expect("a table") + "</table>".len();
    send(&mut app, &all[..end])
        .await
        .says(&["the page ends before its end tag"]);
    let absent = |all: Vec<Proposal>| -> Vec<Proposal> {
        let texts = all.into_iter().filter(|one| one.differs.about == "declarations");
        texts.filter(|one| one.differs.kind == "missing_there").collect()
    };
    assert_eq!(
        absent(held(&app, None).await),
        [],
        "texts may stand in what was cut off"
    );
    send(&mut app, &all).await;
    let open = held(&app, Some(ProposalStatus::Open)).await.len();
    send(&mut app, &all[..end]).await;
    let still = held(&app, Some(ProposalStatus::Open)).await.len();
    assert_eq!(still, open, "and it closes none");
}

#[tokio::test]
async fn texts_made_or_taken_back_since_our_source_was_read_are_proposals_to_be_seen_to_by_hand() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Administrator).await;
    // Argentina, whose reservation is held, makes another declaration; Albania's withdrawal is older than our source.
    let text = whole()
        .replace(
            "<table id=\"x_dgDec\"><tr><td>",
            "<table id=\"x_dgDec\"><tr><td><div id=\"x_dgDec_ctl01_divParticipant\" class=\"heading-two\">Argentina</div>\
             <div id=\"x_dgDec_ctl01_divText\" class=\"content-two\"><p align=right>3 May 2026</p>Declaration:<br>Invented: more.\
             <SUP><A href='#6'>6</A></SUP></div>",
        )
        .replace(
            "</table>\n</body>",
            "<tr><td><div id=\"x_ctl07_divNotesAll\"><a name='6'>6</a><index></index>On 1 June 2026, the Government of Argentina \
             notified the Secretary-General of the withdrawal of the reservation to article 92.</div></td></tr></table>\n</body>",
        );
    send(&mut app, &text).await;
    let added = of(&app, "ARG", "declarations", ProposalStatus::Open).await;
    assert_eq!(added.differs.theirs.as_deref(), Some("Declaration of 2026-05-03"));
    let gone = of(&app, "ARG", "withdrawal", ProposalStatus::Open).await;
    assert_eq!(gone.differs.theirs.as_deref(), Some("withdrawal of 2026-06-01"));
    let page = app.see(&format!("/sources/untc/proposals/{}", gone.id)).await;
    page.says(&["No treaty action follows from it", "Refuse it"])
        .keeps_quiet_about(&["Accept it"]);
    let none = AcceptDraft::default();
    let shelf = library::load_once(&app.test.db).await.expect("data");
    let refused = accept(&app.test.db, &shelf, doing(ADMINISTRATOR), gone.id, &none).await;
    assert!(matches!(refused, Err(ActionError::Conflict(_))));
    let open = held(&app, Some(ProposalStatus::Open)).await;
    assert!(
        !open
            .iter()
            .any(|one| one.state.as_str() == "ALB" && one.differs.about == "withdrawal")
    );
}

#[tokio::test]
async fn two_who_send_or_decide_at_once_do_it_once() {
    let app = TestApp::start().await;
    let shelf = library::load_once(&app.test.db).await.expect("data");
    let page = read(whole().as_bytes(), &shelf.reference).expect("a page");
    let instrument = shelf.reference.instrument(&page.instrument).expect("a treaty");
    let found = page.compare(instrument, &shelf.reference, &shelf.world);
    let seen = Seen {
        file: "cmw.html".to_owned(),
        sha256: "0".repeat(64),
        status_as_at: page.status_as_at,
    };
    let send = || find(&app.test.db, doing(ADMINISTRATOR), &page, &found, &seen);
    let (one, other) = tokio::join!(send(), send());
    let (one, other) = (one.expect("kept"), other.expect("kept"));
    assert_eq!(one.new.len() + other.new.len(), held(&app, None).await.len());
    assert_eq!(one.new.len().min(other.new.len()), 0);
    let argentina = of(&app, "ARG", "action", ProposalStatus::Open).await;
    let draft = AcceptDraft {
        source: "the page".to_owned(),
        reason: "It has this day.".to_owned(),
        ..AcceptDraft::default()
    };
    let (accepted, refused) = tokio::join!(
        accept(&app.test.db, &shelf, doing(ADMINISTRATOR), argentina.id, &draft),
        refuse(&app.test.db, doing(ADMINISTRATOR), argentina.id, "No."),
    );
    assert!(accepted.is_ok() != refused.is_ok(), "{accepted:?} {refused:?}");
    app.audited().await;
}

#[tokio::test]
async fn the_pages_of_proposals_are_usable_at_both_widths() {
    let site = Site::start().await;
    let shelf = library::load_once(&site.test.db).await.expect("data");
    let page = read(whole().as_bytes(), &shelf.reference).expect("a page");
    let instrument = shelf.reference.instrument(&page.instrument).expect("a treaty");
    let found = page.compare(instrument, &shelf.reference, &shelf.world);
    let seen = Seen {
        file: "cmw.html".to_owned(),
        sha256: "0".repeat(64),
        status_as_at: page.status_as_at,
    };
    find(&site.test.db, doing(ADMINISTRATOR), &page, &found, &seen)
        .await
        .expect("kept");
    let window = Window::open(&site).await;
    window.sign_in(ADMINISTRATOR).await;
    let mut wrong = Vec::new();
    for name in ["proposals", "proposal"] {
        if name == "proposals" {
            window.goto("/sources/untc/proposals").await;
        } else {
            window.follow("Argentina").await;
        }
        for width in WIDTHS {
            if !window.fits(width).await {
                wrong.push(format!("{name} is wider than {width} px"));
            }
            window.shot(&format!("{name}-{width}")).await;
        }
        wrong.extend(
            window
                .violations()
                .await
                .into_iter()
                .map(|line| format!("{name}: {line}")),
        );
    }
    window.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
