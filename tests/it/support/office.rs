//! A small office: two states, one treaty, people who follow them, and workers that remind them.

use super::db::TestDb;
use super::desk;
use chrono::{DateTime, NaiveDate, Utc};
use servanda::actions::deadlines::Known;
use servanda::actions::subscriptions;
use servanda::config::{Config, Layers};
use servanda::domain::audit::digest;
use servanda::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use servanda::domain::ids::{StateCode, UserId};
use servanda::domain::instruments::Instrument;
use servanda::domain::reference::{Reference, State};
use servanda::domain::reminders::{Follows, LedgerEntry};
use servanda::domain::users::{Language, Role, User};
use servanda::mail::{Mailer, MemoryMailbox, Transport};
use servanda::store::reference::{ReferenceRow, ReferenceTable};
use servanda::store::reminders::LedgerFilter;
use servanda::store::{Db, audit, reference, reminders, users};
use servanda::templates::Templates;
use servanda::worker::{Holder, Summary, Worker, run_with};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

/// An office with its database.
pub struct Office {
    pub data: TestDb,
    pub names: Reference,
}

/// Thirty days before the report of [`report_due`] is due.
pub fn morning() -> DateTime<Utc> {
    moment("2026-11-23T08:00:00Z")
}

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An address that no other test and no other run uses; its local part starts with `local`.
pub fn address(local: &str) -> String {
    format!("{local}+{}@example.org", uuid::Uuid::now_v7().simple())
}

/// The initial report of a state under the ICRMW.
pub fn report(state: &str, due: &str) -> Deadline {
    Deadline {
        state: state.parse().unwrap(),
        instrument: "ICRMW".parse().unwrap(),
        report: "initial".to_owned(),
        due: day(due),
        basis: "one year after entry into force for the state, art. 73(1)(a)".to_owned(),
        set_by: None,
        status: DeadlineStatus::Due,
        days: 0,
        certainty: Certainty::Statutory,
        submitted: None,
        concluding_observations: None,
    }
}

/// The initial report of Albania, due thirty days after [`morning`].
pub fn report_due() -> Deadline {
    report("ALB", "2026-12-23")
}

/// What the rules give, for both states.
pub fn known(deadlines: &[Deadline]) -> Known {
    let states: BTreeSet<StateCode> = ["ALB", "MEX"].into_iter().map(|code| code.parse().unwrap()).collect();
    Known {
        states,
        deadlines: deadlines.to_vec(),
    }
}

impl Office {
    /// An office with an empty ledger.
    pub async fn open() -> Self {
        let data = TestDb::fresh().await;
        let states = vec![state("ALB", "Albania", "Albanie"), state("MEX", "Mexico", "Mexique")];
        let text = include_str!("../../../fixtures/instruments/icrmw.toml");
        let treaty: Instrument = toml::from_str(text).expect("the treaty's file is well formed");
        let tx = data.db.begin().await.unwrap();
        let rows: Vec<_> = states.iter().map(|one| row(one.iso3.as_str(), one)).collect();
        reference::save(&tx, ReferenceTable::States, &rows).await.unwrap();
        let rows = [row(treaty.code.as_str(), &treaty)];
        reference::save(&tx, ReferenceTable::Instruments, &rows).await.unwrap();
        desk::note(&tx, "office.open").await;
        tx.commit().await.unwrap();
        Self {
            data,
            names: Reference::new(states, Vec::new(), vec![treaty]),
        }
    }

    pub fn db(&self) -> &Db {
        &self.data.db
    }

    /// Somebody with an account in English and UTC.
    pub async fn hire(&self, email: &str) -> User {
        self.hire_in(email, Language::English, "UTC").await
    }

    /// Somebody with an account.
    pub async fn hire_in(&self, email: &str, language: Language, zone: &str) -> User {
        let user = User {
            id: UserId::fresh(),
            email: email.parse().unwrap(),
            name: "Zoé Müller-Ñandú".to_owned(),
            role: Role::Official,
            state: None,
            language,
            time_zone: zone.to_owned(),
            active: true,
            created_at: morning(),
        };
        let tx = self.db().begin().await.unwrap();
        users::insert(&tx, &user, "no password").await.unwrap();
        desk::note(&tx, "office.hire").await;
        tx.commit().await.unwrap();
        user
    }

    /// That person follows one state.
    pub async fn follow(&self, user: &User, state: &str) {
        let follows = Follows {
            state: Some(state.parse().unwrap()),
            instrument: None,
        };
        subscriptions::follow(self.db(), morning(), user.email.as_str(), user.id, follows)
            .await
            .unwrap();
    }

    /// So many people who follow Albania.
    pub async fn followers(&self, count: usize) -> Vec<User> {
        let mut people = Vec::new();
        for _ in 0..count {
            let user = self.hire(&address("ana")).await;
            self.follow(&user, "ALB").await;
            people.push(user);
        }
        people
    }

    /// A worker that delivers into memory.
    pub fn worker(&self, mailbox: &MemoryMailbox) -> Worker {
        let config = settings(&[]);
        self.worker_with(self.db().clone(), Transport::Memory(mailbox.clone()), &config)
    }

    /// A worker that delivers as the settings say.
    pub fn worker_as_set(&self, config: &Config) -> Worker {
        let mailer = Mailer::new(config, Templates::load().unwrap()).unwrap();
        self.assemble(self.db().clone(), mailer, config)
    }

    /// A worker with its own pool and way out.
    pub fn worker_with(&self, db: Db, transport: Transport, config: &Config) -> Worker {
        let mailer = Mailer::with_transport(transport, config, Templates::load().unwrap()).unwrap();
        self.assemble(db, mailer, config)
    }

    fn assemble(&self, db: Db, mailer: Mailer, config: &Config) -> Worker {
        Worker {
            db,
            library: Arc::default(),
            mailer: Arc::new(mailer),
            settings: config.reminders.clone(),
            holder: Holder::this_process(),
            actor: "worker".to_owned(),
        }
    }

    /// One pass at that moment, in which these deadlines are known.
    pub async fn pass(&self, worker: &Worker, deadlines: &[Deadline], now: DateTime<Utc>) -> Summary {
        run_with(worker, &known(deadlines), &self.names, now, &watch::channel(false).1)
            .await
            .expect("the pass ends well")
    }

    /// The whole ledger, nearest offset last.
    pub async fn ledger(&self) -> Vec<LedgerEntry> {
        let mut all = reminders::list(self.db(), &LedgerFilter::default(), 0, 1000)
            .await
            .unwrap();
        all.sort_by_key(|entry| (entry.key.recipient, entry.key.revision, entry.key.offset));
        all
    }

    /// The only row that is not a record of something skipped.
    pub async fn only_row(&self) -> LedgerEntry {
        let mut rows = self.ledger().await;
        rows.retain(|row| row.key.offset == -30);
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Nobody has tampered with the audit chain.
    pub async fn audited(&self) -> u64 {
        audit::verify(self.db())
            .await
            .unwrap()
            .expect("the chain is whole")
            .events
    }
}

/// The defaults with some settings changed.
pub fn settings(changes: &[(&'static str, &str)]) -> Config {
    let changed = changes.iter().fold(Layers::defaults(), |layers, (key, value)| {
        layers.flag(key, "test", Some(value))
    });
    let based = changed.flag("base_url", "test", Some("https://servanda.example"));
    based.build().expect("settings of a test are valid")
}

fn row(code: &str, document: &impl serde::Serialize) -> ReferenceRow {
    let document = serde_json::to_string(document).unwrap();
    ReferenceRow {
        code: code.to_owned(),
        position: 0,
        digest: digest(&document),
        document,
    }
}

fn state(code: &str, english: &str, french: &str) -> State {
    let name = serde_json::json!({ "en": english, "fr": french, "es": english, "ar": "", "ru": "", "zh": "" });
    let fields = serde_json::json!({
        "iso3": code, "iso2": &code[..2], "m49": "000", "membership": "member", "name": name, "region": "",
        "subregion": "", "un_group": "", "income_group": "", "ldc": false, "lldc": false, "sids": false,
        "source": "test", "source_date": "2026-02-03", "confidence": "high",
    });
    serde_json::from_value(fields).expect("a state")
}
