//! The program itself, on the shipped data: killed in the middle of a pass and started again.

use crate::support::db::TestDb;
use crate::support::office::address;
use crate::support::smtp::SmtpServer;
use chrono::{DateTime, Duration, Utc};
use mail_parser::MessageParser;
use serde_json::Value;
use servanda::actions::{import, subscriptions};
use servanda::clock::Clock;
use servanda::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use servanda::domain::ids::UserId;
use servanda::domain::reminders::Follows;
use servanda::domain::users::{Language, Role, User};
use servanda::store::{library, users};
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

/// An office with the shipped data and a deadline to come.
struct Installed {
    data: TestDb,
    server: SmtpServer,
    due: Deadline,
}

impl Installed {
    async fn open() -> Self {
        let data = TestDb::fresh().await;
        let now = Clock::System.now();
        import::ensure_shipped(&data.db, now)
            .await
            .expect("the shipped data are right");
        let shelf = library::load_once(&data.db).await.unwrap();
        let states = shelf.reference.states();
        let all = states.flat_map(|state| shelf.world.deadlines(&shelf.reference, &state.iso3, now.date_naive()));
        let firm = all.filter(|one| one.certainty != Certainty::Indicative);
        let ahead = firm.filter(|one| matches!(one.status, DeadlineStatus::Upcoming | DeadlineStatus::Due));
        let due = ahead
            .min_by_key(|one| (one.due, one.state.clone()))
            .expect("something is due some day");
        Self {
            data,
            server: SmtpServer::of_this_run(),
            due,
        }
    }

    async fn follower(&self, email: &str) {
        let user = User {
            id: UserId::fresh(),
            email: email.parse().unwrap(),
            name: "Ana".to_owned(),
            role: Role::Official,
            state: None,
            language: Language::Spanish,
            time_zone: "America/Mexico_City".to_owned(),
            active: true,
            created_at: Clock::System.now(),
        };
        let tx = self.data.db.begin().await.unwrap();
        users::insert(&tx, &user, "no password").await.unwrap();
        crate::support::desk::note(&tx, "user.add").await;
        tx.commit().await.unwrap();
        let follows = Follows {
            state: Some(self.due.state.clone()),
            instrument: Some(self.due.instrument.clone()),
        };
        subscriptions::follow(&self.data.db, user.created_at, email, user.id, follows)
            .await
            .unwrap();
    }

    /// Thirty days before the report is due, in the afternoon everywhere in America.
    fn moment(&self) -> DateTime<Utc> {
        (self.due.due - Duration::days(30))
            .and_hms_opt(20, 0, 0)
            .unwrap()
            .and_utc()
    }

    fn remind(&self, at: DateTime<Utc>, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_servanda"));
        command.args(["remind", "--at", &at.to_rfc3339()]).args(arguments);
        command
            .env("SERVANDA_DATABASE_URL", &self.data.url)
            .env("SERVANDA_BASE_URL", "https://servanda.example");
        command
            .envs(self.server.environment("starttls"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Runs to the end; what it printed.
    fn finish(&self, at: DateTime<Utc>, arguments: &[&str]) -> Value {
        let output = self.remind(at, arguments).wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{complaint}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {:?}", output.stdout))
    }

    fn message_ids(&self, email: &str) -> Vec<String> {
        let received = self.server.received(email);
        let ids = received.iter().map(|(_, bytes)| {
            let mail = MessageParser::default().parse(bytes.as_slice()).unwrap();
            mail.message_id().unwrap().to_owned()
        });
        ids.collect()
    }
}

#[tokio::test]
async fn a_program_killed_in_the_middle_of_a_pass_sends_the_rest_when_it_is_started_again() {
    let office = Installed::open().await;
    let slow = address("slow"); // stored at once, answered three seconds later: time to pull the plug
    let mut people: Vec<String> = (0..4).map(|_| address("ana")).collect();
    people.push(slow.clone());
    for email in &people {
        office.follower(email).await;
    }
    let at = office.moment();
    let rehearsal = office.finish(at, &["--dry-run", "--format", "json"]);
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in rehearsal["would_send"].as_array().unwrap() {
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        expected.entry(text("to")).or_default().push(text("message_id"));
    }
    assert_eq!(expected.len(), people.len());
    assert!(
        people.iter().all(|email| office.server.received(email).is_empty()),
        "a rehearsal sends nothing"
    );

    let mut child = office.remind(at, &[]);
    while office.server.received(&slow).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().expect("kill -9");
    child.wait().unwrap();

    let again = office.finish(at + Duration::minutes(1), &[]);
    assert!(again["sent"].as_u64().unwrap() >= 1, "{again}");
    for email in &people {
        let mut ids = office.message_ids(email);
        let wanted = &expected[email];
        if *email == slow {
            assert_eq!(ids.len(), wanted.len() + 1, "only the doubtful one came twice");
        }
        ids.sort();
        ids.dedup();
        let mut wanted = wanted.clone();
        wanted.sort();
        assert_eq!(ids, wanted, "{email}");
    }
    let third = office.finish(at + Duration::hours(1), &[]);
    assert_eq!(
        (third["planned"].as_u64(), third["sent"].as_u64()),
        (Some(0), Some(0)),
        "{third}"
    );
}

#[tokio::test]
async fn a_server_that_refuses_is_one_clear_sentence() {
    let office = Installed::open().await;
    office.follower(&address("ana")).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_servanda"));
    command
        .args(["remind", "--at", &office.moment().to_rfc3339()])
        .env("SERVANDA_DATABASE_URL", &office.data.url);
    command
        .envs(office.server.environment("starttls"))
        .env("SERVANDA_MAIL_SMTP_PASSWORD", "wrong");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Check mail.smtp.user and mail.smtp.password"), "{said}");
    assert!(!said.contains("panicked") && !said.contains("wrong"), "{said}");
}
