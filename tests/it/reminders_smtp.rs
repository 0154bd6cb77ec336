//! Reminders through a real mail server, over TLS, with its refusals and its silences.

use crate::support::office::{Office, address, known, morning, report_due, settings};
use crate::support::smtp::SmtpServer;
use chrono::Duration;
use mail_parser::{MessageParser, MimeHeaders as _};
use servanda::config::Config;
use servanda::domain::reminders::{LedgerEntry, ReminderStatus};
use servanda::domain::users::Language;
use servanda::worker::{Summary, run_with};
use tokio::sync::watch;

/// An office with one follower at that address.
async fn office_of(email: &str) -> Office {
    let office = Office::open().await;
    let reader = office.hire(email).await;
    office.follow(&reader, "ALB").await;
    office
}

/// One pass with those settings; what it did and where the reminder stands then.
async fn try_once(office: &Office, config: &Config) -> (Summary, LedgerEntry) {
    let summary = office
        .pass(&office.worker_as_set(config), &[report_due()], morning())
        .await;
    (summary, office.only_row().await)
}

#[tokio::test]
async fn a_reminder_arrives_in_french_over_tls_with_text_and_html() {
    let server = SmtpServer::of_this_run();
    for tls in ["starttls", "implicit"] {
        let email = address("zoe");
        let office = Office::open().await;
        let zoe = office.hire_in(&email, Language::French, "Europe/Paris").await;
        office.follow(&zoe, "ALB").await;
        let worker = office.worker_as_set(&server.settings(tls, &[]));
        assert_eq!(office.pass(&worker, &[report_due()], morning()).await.sent, 1);
        assert_eq!(
            office
                .pass(&worker, &[report_due()], morning() + Duration::hours(1))
                .await,
            Summary::default()
        );

        let received = server.received(&email);
        assert_eq!(received.len(), 1, "once, and once only");
        let (envelope, bytes) = &received[0];
        assert_eq!(
            (envelope["tls"].as_bool(), envelope["auth_user"].as_str()),
            (Some(true), Some("servanda-test"))
        );
        assert_eq!(envelope["port"], if tls == "implicit" { "tls" } else { "starttls" });
        let mail = MessageParser::default().parse(bytes.as_slice()).unwrap();
        let row = office.only_row().await;
        assert_eq!(mail.message_id(), Some(row.key.message_id("servanda.example").as_str()));
        let subject = mail.subject().unwrap();
        assert!(
            subject.starts_with("Albanie – Convention sur les travailleurs migrants (ICRMW)"),
            "{subject}"
        );
        assert!(
            subject.ends_with("rapport initial à remettre le 23 décembre 2026"),
            "{subject}"
        );
        assert_eq!(mail.content_type().unwrap().subtype(), Some("alternative"));
        let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
        assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
        for part in [&text, &html] {
            assert!(
                part.contains("Zoé Müller-Ñandú") && part.contains("il reste 30 jours"),
                "{part}"
            );
            assert!(
                part.contains("un an après l’entrée en vigueur pour l’État, art. 73(1)(a)"),
                "{part}"
            );
        }
        assert!(html.contains(r#"<html lang="fr">"#), "{html}");
    }
}

#[tokio::test]
async fn one_connection_serves_a_whole_pass() {
    let server = SmtpServer::of_this_run();
    let office = Office::open().await;
    let people = office.followers(5).await;
    let worker = office.worker_as_set(&server.settings("starttls", &[]));
    assert_eq!(office.pass(&worker, &[report_due()], morning()).await.sent, 5);
    assert!(
        people
            .iter()
            .all(|person| server.received(person.email.as_str()).len() == 1)
    );
}

#[tokio::test]
async fn a_server_that_asks_to_come_back_is_asked_again_until_it_accepts() {
    let server = SmtpServer::of_this_run();
    let email = address("greylist");
    let office = office_of(&email).await;
    let worker = office.worker_as_set(&server.settings("starttls", &[]));
    let first = office.pass(&worker, &[report_due()], morning()).await;
    assert_eq!((first.sent, first.retried), (0, 1));
    let row = office.only_row().await;
    assert!(row.last_error.as_deref().unwrap().contains("451"), "{row:?}");
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::seconds(20))
            .await,
        Summary::default()
    );
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::minutes(2))
            .await
            .retried,
        1
    );
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::minutes(30))
            .await
            .sent,
        1
    );
    assert_eq!((server.attempts(&email), server.received(&email).len()), (3, 1));
    assert_eq!(office.only_row().await.attempts, 3);
}

#[tokio::test]
async fn an_address_that_is_refused_for_good_is_given_up() {
    let server = SmtpServer::of_this_run();
    let email = address("reject");
    let office = office_of(&email).await;
    let (summary, row) = try_once(&office, &server.settings("starttls", &[])).await;
    assert_eq!((summary.dead, row.status), (1, ReminderStatus::Dead));
    let error = row.last_error.unwrap();

    assert!(
        error.contains("refused the message") && error.contains("No such mailbox"),
        "{error}"
    );
    let worker = office.worker_as_set(&server.settings("starttls", &[]));
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::days(1))
            .await,
        Summary::default()
    );
    assert_eq!(server.attempts(&email), 1);
}

#[tokio::test]
async fn tries_are_used_up_when_the_server_never_accepts() {
    let server = SmtpServer::of_this_run();
    let email = address("tempdata");
    let office = office_of(&email).await;
    let worker = office.worker_as_set(&server.settings("starttls", &[("reminders.attempts", "2")]));
    assert_eq!(office.pass(&worker, &[report_due()], morning()).await.retried, 1);
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::minutes(5))
            .await
            .dead,
        1
    );
    assert_eq!((server.attempts(&email), server.received(&email).len()), (2, 0));
}

#[tokio::test]
async fn a_worker_that_dies_after_the_server_accepted_repeats_with_the_same_message_id() {
    let server = SmtpServer::of_this_run();
    let email = address("slow"); // accepted and stored; the answer comes three seconds later
    let office = office_of(&email).await;
    let config = server.settings("starttls", &[]);
    let (all, silent) = (known(&[report_due()]), watch::channel(false).1);
    let worker = office.worker_as_set(&config);
    {
        let pass = run_with(&worker, &all, &office.names, morning(), &silent);
        let mut pass = std::pin::pin!(pass);
        while server.received(&email).is_empty() {
            let moment = std::time::Duration::from_millis(50);
            let ended = tokio::time::timeout(moment, &mut pass).await.is_ok();
            assert!(!ended, "the answer came before the message was seen");
        }
    } // here the worker dies
    assert_eq!(office.only_row().await.status, ReminderStatus::Claimed);
    let again = office
        .pass(&worker, &[report_due()], morning() + Duration::seconds(301))
        .await;
    assert_eq!(again.sent, 1);

    let ids: Vec<_> = server
        .received(&email)
        .iter()
        .map(|(_, bytes)| {
            MessageParser::default()
                .parse(bytes.as_slice())
                .unwrap()
                .message_id()
                .unwrap()
                .to_owned()
        })
        .collect();
    let row = office.only_row().await;
    assert_eq!((row.status, row.attempts), (ReminderStatus::Sent, 2));
    assert_eq!(
        ids,
        [row.message_id.clone(), row.message_id],
        "a mail program shows one message"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_message_is_tried_again_under_the_same_id() {
    let server = SmtpServer::of_this_run();
    let email = address("drop");
    let office = office_of(&email).await;
    let config = server.settings("starttls", &[("reminders.attempts", "2")]);
    let (summary, row) = try_once(&office, &config).await;
    assert_eq!((summary.retried, row.status), (1, ReminderStatus::Retry));
    assert!(row.last_error.as_deref().unwrap().contains("broke off"), "{row:?}");
    let later = office
        .pass(
            &office.worker_as_set(&config),
            &[report_due()],
            morning() + Duration::minutes(5),
        )
        .await;
    assert_eq!(later.dead, 1, "it is not repeated without end");
    assert_eq!(server.received(&email).len(), 2);
}

#[tokio::test]
async fn a_server_that_falls_silent_does_not_hold_the_worker() {
    let server = SmtpServer::of_this_run();
    let (slow, quick) = (address("slow"), address("zoe"));
    let office = office_of(&slow).await;
    let config = server.settings("starttls", &[("mail.smtp.timeout_seconds", "1")]);
    let worker = office.worker_as_set(&config);
    let summary = office.pass(&worker, &[report_due()], morning()).await;
    assert_eq!(summary.retried, 1);
    assert!(
        office
            .only_row()
            .await
            .last_error
            .unwrap()
            .contains("no answer within 1 seconds")
    );
    // The late answer to the first message must not be taken for the answer to the next.
    let zoe = office.hire(&quick).await;
    office.follow(&zoe, "ALB").await;
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::seconds(10))
            .await
            .sent,
        1
    );
    assert_eq!(server.received(&quick).len(), 1);
}

#[tokio::test]
async fn settings_that_are_wrong_are_told_in_one_sentence_and_nothing_is_given_up() {
    let server = SmtpServer::of_this_run();
    let closed = closed_port().to_string();
    let cases: [(&[(&'static str, &str)], &str); 4] = [
        (&[("mail.smtp.port", &closed)], "cannot be reached: Connection refused"),
        (
            &[("mail.smtp.password", "wrong")],
            "Check mail.smtp.user and mail.smtp.password",
        ),
        (
            &[("mail.smtp.ca_file", "")],
            "name your certificate authority in mail.smtp.ca_file",
        ),
        (&[("mail.smtp.user", "")], "refused to let us sign in: 530"),
    ];
    for (changes, sentence) in cases {
        let office = office_of(&address("zoe")).await;
        let config = server.settings("starttls", &[&[("reminders.attempts", "1")], changes].concat());
        let (summary, row) = try_once(&office, &config).await;
        assert_eq!((summary.retried, row.status), (1, ReminderStatus::Retry), "{changes:?}");
        let error = row.last_error.unwrap();
        assert!(
            error.contains(sentence) && !error.contains('\n'),
            "{changes:?}: {error}"
        );
        let probe = office.worker_as_set(&config).mailer.probe().await;
        if !changes.contains(&("mail.smtp.user", "")) {
            assert!(
                probe.unwrap_err().why.contains(sentence),
                "`servanda check` says the same"
            );
        }
    }
    let office = office_of(&address("zoe")).await;
    let mended = office.worker_as_set(&server.settings("starttls", &[]));
    mended.mailer.probe().await.unwrap();
}

#[tokio::test]
async fn a_certificate_authority_that_cannot_be_read_is_named_at_the_start() {
    let config = settings(&[("mail.transport", "smtp"), ("mail.smtp.ca_file", "/nowhere/ca.pem")]);
    let error = servanda::mail::Mailer::new(&config, servanda::templates::Templates::load().unwrap()).unwrap_err();
    assert!(
        error.to_string().contains("mail.smtp.ca_file /nowhere/ca.pem"),
        "{error}"
    );
}

fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
