//! An official follows what they answer for and sees what was sent; an administrator sees the whole ledger.

use crate::support::app::TestApp;
use axum::http::StatusCode;
use servanda::domain::users::Role;

#[tokio::test]
async fn a_visitor_is_sent_to_sign_in() {
    let mut app = TestApp::start().await;
    for path in ["/reminders", "/reminders/ledger"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.to(), format!("/sign-in?next={}", path.replace('/', "%2F")));
    }
    let posted = app.post_form("/reminders/follow", &[("state", "MEX")]).await;
    assert!(posted.status.is_client_error(), "{}", posted.status);
}

#[tokio::test]
async fn an_official_follows_mexico_and_stops() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Official).await;
    let empty = app.see("/reminders?state=MEX").await;
    empty.says(&[
        "You follow nothing yet",
        "official@example.org in English",
        "days before",
        "<option value=\"MEX\" selected>Mexico</option>",
    ]);
    let before = app.audited().await;
    let done = app
        .post_form("/reminders/follow", &[("state", "MEX"), ("instrument", "")])
        .await;
    assert_eq!(
        (done.status, done.to()),
        (StatusCode::SEE_OTHER, "/reminders?done=followed")
    );
    assert_eq!(app.audited().await, before + 1);
    let page = app.see("/reminders?done=followed").await;
    page.says(&[
        "You will be reminded of its deadlines.",
        "You follow 1 subject",
        "/states/MEX/deadlines\">Mexico</a>",
        "since 2026-11-23",
    ]);
    let again = app
        .post_form("/reminders/follow", &[("state", "MEX"), ("instrument", "")])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.says(&[
        "you follow that already",
        "href=\"#state\"",
        "<option value=\"MEX\" selected>",
    ]);
    let end = page
        .text
        .split("action=\"/reminders/follow/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form");
    let end = format!("/reminders/follow/{end}");
    assert_eq!(app.post_form(&end, &[]).await.to(), "/reminders?done=unfollowed");
    assert_eq!(app.post_form(&end, &[]).await.status, StatusCode::NOT_FOUND);
    app.see("/reminders").await.says(&["You follow nothing yet"]);
}

#[tokio::test]
async fn nothing_chosen_is_said_at_the_field() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Reader).await;
    app.see("/reminders").await;
    let answer = app
        .post_form("/reminders/follow", &[("state", ""), ("instrument", "")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says(&["choose a state, a treaty, or both", "href=\"#state\""]);
    let answer = app
        .post_form("/reminders/follow", &[("state", "MEXX"), ("instrument", "ICRMW")])
        .await;
    answer.says(&["did you mean MEX?", "<option value=\"ICRMW\" selected>"]);
}

#[tokio::test]
async fn nobody_ends_what_another_follows() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Official).await;
    app.post_form("/reminders/follow", &[("state", "MEX")]).await;
    let page = app.see("/reminders").await;
    let id = page
        .text
        .split("action=\"/reminders/follow/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form")
        .to_owned();
    let kept = app.leave();
    app.sign_in(Role::Reader).await;
    assert_eq!(
        app.post_form(&format!("/reminders/follow/{id}"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    app.return_with(kept);
    app.see("/reminders").await.says(&["You follow 1 subject"]);
}

#[tokio::test]
async fn the_ledger_of_everybody_is_for_administrators() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Official).await;
    assert_eq!(app.get("/reminders/ledger").await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.get("/reminders/ledger.csv").await.status, StatusCode::FORBIDDEN);
    app.sign_in(Role::Administrator).await;
    app.see("/reminders").await.says(&["Every reminder of everybody"]);
    let page = app.see("/reminders/ledger").await;
    page.says(&[
        "0 reminders were sent",
        "none was given up",
        "once more with the same Message-ID",
    ]);
    let csv = app.see("/reminders/ledger.csv").await;
    assert!(csv.text.starts_with("State,Treaty,Report,Report due"));
}

#[tokio::test]
async fn an_official_sees_what_became_of_each_reminder() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Official).await;
    plant(&app).await;
    let mine = app.see("/reminders").await;
    mine.says(&[
        "30 days before",
        "sent",
        "2026-11-20 08:00 UTC: taken by the mail server",
        "Message-ID key@example.org",
    ]);
    app.sign_in(Role::Reader).await;
    app.see("/reminders").await.says(&["Nothing was sent yet"]);
    app.sign_in(Role::Administrator).await;
    let ledger = app.see("/reminders/ledger?status=sent&state=mexico").await;
    ledger.says(&[
        "1 reminder was sent",
        "official@example.org",
        "1 reminder, newest first",
    ]);
    app.see("/reminders/ledger?status=dead")
        .await
        .says(&["No reminder fits these filters"]);
}

/// One message that was sent to the official.
async fn plant(app: &TestApp) {
    let email = "official@example.org".parse().expect("an address");
    let user = servanda::store::users::by_email(&app.test.db, &email)
        .await
        .expect("read")
        .expect("the official");
    use servanda::domain::reminders::{Channel, DeadlineKey, Decision, ReminderKey};
    use servanda::store::reminders;
    let key = ReminderKey {
        deadline: DeadlineKey {
            state: "MEX".parse().expect("a state"),
            instrument: "ICRMW".parse().expect("an instrument"),
            report: "periodic 4".to_owned(),
        },
        revision: 1,
        offset: -30,
        recipient: user.id,
        channel: Channel::Email,
    };
    let due = "2026-12-20".parse().expect("a day");
    let at = "2026-11-20T08:00:00Z".parse().expect("a moment");
    app.test
        .execute(
            "INSERT INTO deadlines (state, instrument, report, revision, due, basis, certainty, recorded_at) VALUES \
             ('MEX', 'ICRMW', 'periodic 4', 1, '2026-12-20', 'planted', 'set', '2026-11-20T08:00:00+00:00')",
        )
        .await;
    let tx = app.test.db.begin().await.expect("begun");
    reminders::apply(&tx, &[Decision::Plan { key, due }], "example.org", at)
        .await
        .expect("planned");
    tx.commit().await.expect("committed");
    app.test
        .execute("UPDATE reminders SET status = 'sent', attempts = 1, settled_at = planned_at, message_id = 'key@example.org'")
        .await;
}
