//! What a reader finds in the message, read back by another program than the one that wrote it.

use crate::support::office::{Office, address, day, morning, report_due, settings};
use chrono::{Duration, NaiveDate};
use mail_parser::{Message, MessageParser};
use servanda::domain::instruments::Instrument;
use servanda::domain::reminders::{DeadlineKey, ReminderStatus, Revision, Standing};
use servanda::domain::users::{Language, User};
use servanda::mail::{Mailer, MemoryMailbox, ReminderMail, Words};
use servanda::templates::Templates;
use servanda::worker::Summary;
use std::path::Path;

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).expect("a message")
}

fn files_in(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn without_a_mail_server_reminders_become_files() {
    let office = Office::open().await;
    let zoe = office.hire(&address("zoe")).await;
    office.follow(&zoe, "ALB").await;
    let folder = std::env::temp_dir().join(format!("servanda-outbox-{}", uuid::Uuid::now_v7().simple()));
    let config = settings(&[("mail.directory", &folder.to_string_lossy())]);
    let worker = office.worker_as_set(&config);

    assert_eq!(office.pass(&worker, &[report_due()], morning()).await.sent, 1);
    assert_eq!(
        office
            .pass(&worker, &[report_due()], morning() + Duration::hours(1))
            .await,
        Summary::default()
    );
    let files = files_in(&folder);
    assert_eq!(files.len(), 1, "{files:?}");
    let row = office.only_row().await;
    assert_eq!(
        files[0].file_stem().unwrap().to_string_lossy(),
        row.message_id.split('@').next().unwrap()
    );

    let bytes = std::fs::read(&files[0]).unwrap();
    assert!(bytes.is_ascii(), "names beyond ASCII are encoded");
    let mail = parse(&bytes);
    assert_eq!(mail.message_id(), Some(row.message_id.as_str()));
    assert_eq!(
        mail.subject(),
        Some("Albania – Migrant Workers Convention (ICRMW): initial report due 23 December 2026")
    );
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!(
        (to.name(), to.address()),
        (Some("Zoé Müller-Ñandú"), Some(zoe.email.as_str()))
    );
    assert_eq!(mail.date().unwrap().to_timestamp(), morning().timestamp());
    assert_eq!(mail.header("Auto-Submitted").unwrap().as_text(), Some("auto-generated"));
    let raw = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        raw.contains("List-Unsubscribe: <https://servanda.example/reminders>"),
        "{raw}"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_loses_nothing() {
    let office = Office::open().await;
    office.followers(1).await;
    let blocked = std::env::temp_dir().join(format!("servanda-file-{}", uuid::Uuid::now_v7().simple()));
    std::fs::write(&blocked, "a file where a folder should be").unwrap();
    let config = settings(&[("mail.directory", &blocked.to_string_lossy())]);
    let summary = office
        .pass(&office.worker_as_set(&config), &[report_due()], morning())
        .await;
    assert_eq!(summary.retried, 1);
    let row = office.only_row().await;
    assert_eq!(row.status, ReminderStatus::Retry);
    assert!(row.last_error.unwrap().contains("Check mail.directory"));
    std::fs::remove_file(&blocked).unwrap();
}

struct Desk {
    office: Office,
    mailer: Mailer,
}

impl Desk {
    async fn open() -> Self {
        let office = Office::open().await;
        let transport = servanda::mail::Transport::Memory(MemoryMailbox::default());
        let mailer = Mailer::with_transport(transport, &settings(&[]), Templates::load().unwrap()).unwrap();
        Self { office, mailer }
    }

    async fn reader(&self, language: Language) -> User {
        self.office.hire_in(&address("zoe"), language, "UTC").await
    }

    fn letter(&self, to: User, today: NaiveDate, set_by: Option<&str>) -> ReminderMail {
        let basis = "one year after entry into force for the state, art. 73(1)(a)".to_owned();
        let due = report_due();
        let revision = Revision {
            key: DeadlineKey::of(&due),
            revision: 1,
            due: due.due,
            basis: set_by.map_or(basis, |by| format!("date set by {by}")),
            set_by: set_by.map(str::to_owned),
            certainty: due.certainty,
            standing: Standing::Open,
        };
        ReminderMail {
            to,
            revision,
            today,
            message_id: "0123456789@servanda.example".to_owned(),
        }
    }
}

#[tokio::test]
async fn the_message_speaks_the_readers_language_and_otherwise_english() {
    let desk = Desk::open().await;
    let expected = [
        (
            Language::English,
            "30 days are left",
            "Legal basis: one year after",
            "initial report due 23 December 2026",
        ),
        (
            Language::French,
            "il reste 30 jours",
            "Fondement juridique\u{a0}: un an après",
            "rapport initial à remettre le 23 décembre",
        ),
        (
            Language::Spanish,
            "quedan 30 días",
            "Fundamento jurídico: un año después",
            "informe inicial que debe presentarse el 23 de diciembre",
        ),
        (
            Language::Russian,
            "30 days are left",
            "Legal basis: one year after",
            "initial report due 23 December 2026",
        ),
    ];
    for (language, left, basis, subject) in expected {
        let letter = desk.letter(desk.reader(language).await, day("2026-11-23"), None);
        let mail = desk.mailer.render(&letter, &desk.office.names).unwrap();
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(left), "{language}: {part}");
            assert!(part.contains("art. 73(1)(a)"), "{part}");
            assert!(part.contains("https://servanda.example/states/ALB/deadlines"), "{part}");
            assert!(part.contains("https://servanda.example/reminders"), "{part}");
            assert!(!part.contains("{{") && !part.contains('\u{2068}'), "{part}");
        }
        assert!(mail.text.contains(basis), "{language}: {}", mail.text);
        assert!(mail.subject.contains(subject), "{language}: {}", mail.subject);
    }
}

#[tokio::test]
async fn the_message_says_how_many_days_in_good_grammar() {
    let desk = Desk::open().await;
    let cases = [
        ("2026-12-16", "7 days are left", "il reste 7 jours"),
        ("2026-12-22", "one day is left", "il reste 1 jour."),
        ("2026-12-23", "due today, 23 December 2026", "à remettre aujourd’hui"),
        ("2026-12-24", "one day ago", "il y a 1 jour."),
        ("2027-01-22", "30 days ago", "il y a 30 jours"),
    ];
    for (today, english, french) in cases {
        for (language, said) in [(Language::English, english), (Language::French, french)] {
            let letter = desk.letter(desk.reader(language).await, day(today), Some("CMW/C/ALB/CO/1"));
            let mail = desk.mailer.render(&letter, &desk.office.names).unwrap();
            assert!(
                mail.text.contains(said) && mail.html.contains(said),
                "{today}: {}",
                mail.text
            );
            assert!(mail.text.contains("CMW/C/ALB/CO/1"), "who set the date is said");
        }
    }
}

#[tokio::test]
async fn a_name_cannot_smuggle_a_header_or_markup() {
    let office = Office::open().await;
    let mut eve = office.hire(&address("eve")).await;
    let mailbox = MemoryMailbox::default();
    let transport = servanda::mail::Transport::Memory(mailbox.clone());
    let mailer = Mailer::with_transport(transport, &settings(&[]), Templates::load().unwrap()).unwrap();
    eve.name = "Eve\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>".to_owned();
    let desk = Desk { office, mailer };
    let letter = desk.letter(eve, day("2026-11-23"), None);
    desk.mailer.send(&letter, &desk.office.names, morning()).await.unwrap();
    let stored = mailbox.stored();
    let mail = parse(&stored[0].bytes);
    assert!(mail.bcc().is_none());
    assert_eq!(mail.to().unwrap().iter().count(), 1);
    let html = mail.body_html(0).unwrap();
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
}

#[tokio::test]
async fn the_same_message_is_the_same_bytes() {
    let desk = Desk::open().await;
    let letter = desk.letter(desk.reader(Language::French).await, day("2026-11-23"), None);
    let mailbox = MemoryMailbox::default();
    let transport = servanda::mail::Transport::Memory(mailbox.clone());
    let mailer = Mailer::with_transport(transport, &settings(&[]), Templates::load().unwrap()).unwrap();
    for _ in 0..2 {
        mailer.send(&letter, &desk.office.names, morning()).await.unwrap();
    }
    let stored = mailbox.stored();
    assert_eq!(stored[0].bytes, stored[1].bytes);
}

#[test]
fn the_addresses_in_a_message_are_those_of_the_pages() {
    use servanda::web::links;
    assert_eq!(
        links::state_deadlines(&"ALB".parse().unwrap()).as_str(),
        "/states/ALB/deadlines"
    );
    assert_eq!(links::reminders().as_str(), "/reminders");
}

#[test]
fn every_rule_and_report_of_the_shipped_treaties_has_words_in_each_language() {
    let words = Words::load().unwrap();
    let mut rules = 0;
    for file in files_in(Path::new("fixtures/instruments")) {
        let treaty: Instrument = toml::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for rule in treaty.reporting.reports {
            rules += 1;
            for language in [Language::French, Language::Spanish] {
                let speaker = words.speaking(language);
                assert_ne!(speaker.basis(&rule.basis), rule.basis, "{language}: {}", file.display());
                assert_ne!(
                    speaker.report(&rule.report),
                    rule.report,
                    "{language}: {}",
                    file.display()
                );
            }
        }
    }
    assert!(rules > 20);
}
