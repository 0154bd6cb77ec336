//! The planner told as stories, and as properties that hold for any sequence of passes.

use super::*;
use crate::domain::dates::parse_day;
use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

const OFFSETS: [i32; 8] = [-180, -90, -30, -7, -1, 1, 7, 30];

fn day(text: &str) -> NaiveDate {
    parse_day(text).expect("a date")
}

fn key(state: &str) -> DeadlineKey {
    DeadlineKey {
        state: state.parse().expect("a state"),
        instrument: "ICRMW".parse().expect("an instrument"),
        report: "initial".to_owned(),
    }
}

fn deadline(due: NaiveDate) -> Tracked {
    Tracked {
        key: key("ALB"),
        revision: 1,
        due,
        certainty: Certainty::Statutory,
        open: true,
        interval: None,
    }
}

fn ana() -> UserId {
    UserId(Uuid::from_u128(1))
}

fn follower(today: NaiveDate) -> Follower {
    Follower {
        user: ana(),
        active: true,
        today,
        follows: vec![Follows {
            state: None,
            instrument: None,
        }],
    }
}

/// A ledger in memory that does what the store does.
#[derive(Debug, Default, Clone)]
struct Ledger(Vec<Row>);

impl Ledger {
    fn apply(&mut self, decisions: &[Decision]) {
        for decision in decisions {
            match decision {
                Decision::Plan { key, due } => self.add(key, *due, ReminderStatus::Planned),
                Decision::RecordSuperseded { key, due, .. } => self.add(key, *due, ReminderStatus::Superseded),
                Decision::Revive { id } => self.set(*id, ReminderStatus::Planned),
                Decision::Supersede { id, .. } => self.set(*id, ReminderStatus::Superseded),
                Decision::Cancel { id, .. } => self.set(*id, ReminderStatus::Cancelled),
            }
        }
    }

    fn add(&mut self, key: &ReminderKey, due: NaiveDate, status: ReminderStatus) {
        assert!(self.0.iter().all(|row| row.key != *key), "the same key twice: {key:?}");
        let id = ReminderId(Uuid::from_u128(self.0.len() as u128 + 1));
        self.0.push(Row {
            id,
            key: key.clone(),
            due,
            status,
        });
    }

    fn set(&mut self, id: ReminderId, status: ReminderStatus) {
        self.0
            .iter_mut()
            .find(|row| row.id == id)
            .expect("the row is there")
            .status = status;
    }

    /// One pass that sends whatever waits.
    fn pass(&mut self, deadlines: &[Tracked], followers: &[Follower]) -> Vec<i32> {
        let world = World {
            deadlines,
            offsets: &OFFSETS,
            followers,
            ledger: &self.0.clone(),
        };
        self.apply(&plan(world));
        let waiting = self.0.iter_mut().filter(|row| row.status.is_waiting());
        waiting
            .map(|row| {
                row.status = ReminderStatus::Sent;
                row.key.offset
            })
            .collect()
    }

    fn statuses(&self) -> Vec<(i32, ReminderStatus)> {
        let mut all: Vec<_> = self.0.iter().map(|row| (row.key.offset, row.status)).collect();
        all.sort();
        all
    }
}

#[test]
fn each_offset_is_sent_once_on_its_day() {
    let due = deadline(day("2026-12-23"));
    let mut ledger = Ledger::default();
    let mut sent = Vec::new();
    let mut today = day("2026-05-01");
    while today < day("2027-06-01") {
        for offset in ledger.pass(std::slice::from_ref(&due), &[follower(today)]) {
            sent.push((offset, (today - due.due).num_days()));
        }
        today = today + Days::new(1);
    }
    assert_eq!(sent, OFFSETS.map(|offset| (offset, i64::from(offset))));
}

#[test]
fn after_an_outage_only_the_nearest_goes_out_and_the_staler_are_recorded() {
    use ReminderStatus::{Sent, Superseded};
    let due = deadline(day("2026-12-23"));
    let mut ledger = Ledger::default();
    assert_eq!(
        ledger.pass(std::slice::from_ref(&due), &[follower(day("2026-12-18"))]),
        [-7]
    );
    assert_eq!(
        ledger.statuses(),
        [(-180, Superseded), (-90, Superseded), (-30, Superseded), (-7, Sent)]
    );
}

#[test]
fn a_nearer_reminder_takes_the_place_of_one_that_could_not_be_sent() {
    let due = deadline(day("2026-12-23"));
    let mut ledger = Ledger::default();
    let world = |ledger: &Ledger, today| {
        let followers = [follower(today)];
        plan(World {
            deadlines: std::slice::from_ref(&due),
            offsets: &[-30, -7],
            followers: &followers,
            ledger: &ledger.0,
        })
    };
    let first = world(&ledger, day("2026-11-23"));
    ledger.apply(&first);
    ledger.set(ledger.0[0].id, ReminderStatus::Retry);
    let later = world(&ledger, day("2026-12-16"));
    ledger.apply(&later);
    assert_eq!(
        ledger.statuses(),
        [(-30, ReminderStatus::Superseded), (-7, ReminderStatus::Planned)]
    );
    let too_late = world(&ledger, day("2026-12-24"));
    assert_eq!(
        too_late,
        [Decision::Cancel {
            id: ledger.0[1].id,
            reason: CancelReason::TooLate
        }]
    );
}

#[test]
fn overdue_comes_when_the_day_has_ended_where_the_reader_is() {
    let due = deadline(day("2026-12-23"));
    let mut ledger = Ledger::default();
    assert_eq!(
        ledger.pass(std::slice::from_ref(&due), &[follower(day("2026-12-23"))]),
        [-1]
    );
    assert_eq!(
        ledger.pass(std::slice::from_ref(&due), &[follower(day("2026-12-24"))]),
        [1]
    );
}

#[test]
fn nobody_is_reminded_of_what_is_received_indicative_or_long_past() {
    let today = day("2026-12-16");
    let closed = Tracked {
        open: false,
        ..deadline(day("2026-12-23"))
    };
    let indicative = Tracked {
        certainty: Certainty::Indicative,
        ..deadline(day("2026-12-23"))
    };
    let ancient = deadline(day("2004-07-01"));
    for silent in [closed, indicative, ancient] {
        assert!(Ledger::default().pass(&[silent], &[follower(today)]).is_empty());
    }
}

#[test]
fn an_offset_longer_than_the_reporting_cycle_is_skipped() {
    let yearly = Tracked {
        interval: Some(90),
        ..deadline(day("2026-12-23"))
    };
    let mut ledger = Ledger::default();
    assert!(
        ledger
            .pass(std::slice::from_ref(&yearly), &[follower(day("2026-09-25"))])
            .is_empty()
    );
    assert_eq!(ledger.pass(&[yearly], &[follower(day("2026-11-25"))]), [-30]);
    assert_eq!(ledger.0.len(), 1);
}

#[test]
fn waiting_rows_are_cancelled_with_the_reason() {
    let today = day("2026-11-23");
    let due = deadline(day("2026-12-23"));
    let planned = {
        let mut ledger = Ledger::default();
        let world = World {
            deadlines: std::slice::from_ref(&due),
            offsets: &[-30],
            followers: &[follower(today)],
            ledger: &[],
        };
        ledger.apply(&plan(world));
        ledger
    };
    let closed = Follower {
        active: false,
        ..follower(today)
    };
    let elsewhere = Follows {
        state: Some("MEX".parse().expect("a state")),
        instrument: None,
    };
    let left = Follower {
        follows: vec![elsewhere],
        ..follower(today)
    };
    let moved = Tracked {
        revision: 2,
        due: day("2027-12-23"),
        ..due.clone()
    };
    let received = Tracked {
        open: false,
        ..due.clone()
    };
    let unsure = Tracked {
        certainty: Certainty::Indicative,
        ..due.clone()
    };
    let cases: [(Option<&Tracked>, Option<&Follower>, CancelReason); 7] = [
        (None, Some(&follower(today)), CancelReason::DeadlineGone),
        (Some(&due), None, CancelReason::Unsubscribed),
        (Some(&due), Some(&left), CancelReason::Unsubscribed),
        (Some(&due), Some(&closed), CancelReason::AccountClosed),
        (Some(&moved), Some(&follower(today)), CancelReason::DateRevised),
        (Some(&received), Some(&follower(today)), CancelReason::ReportReceived),
        (Some(&unsure), Some(&follower(today)), CancelReason::DateNotFirm),
    ];
    for (deadline, follower, reason) in cases {
        let deadlines: Vec<_> = deadline.into_iter().cloned().collect();
        let followers: Vec<_> = follower.into_iter().cloned().collect();
        let world = World {
            deadlines: &deadlines,
            offsets: &[-30],
            followers: &followers,
            ledger: &planned.0,
        };
        assert_eq!(
            plan(world),
            [Decision::Cancel {
                id: planned.0[0].id,
                reason
            }]
        );
    }
}

#[test]
fn a_new_revision_with_the_same_date_repeats_nothing_and_loses_nothing() {
    let today = day("2026-11-23");
    let due = deadline(day("2026-12-23"));
    let reworded = Tracked {
        revision: 2,
        ..due.clone()
    };
    let mut ledger = Ledger::default();
    assert_eq!(ledger.pass(std::slice::from_ref(&due), &[follower(today)]), [-30]);
    assert!(
        ledger
            .pass(std::slice::from_ref(&reworded), &[follower(today)])
            .is_empty(),
        "it was sent already"
    );

    let mut unsent = Ledger::default();
    let world = World {
        deadlines: &[due],
        offsets: &OFFSETS,
        followers: &[follower(today)],
        ledger: &[],
    };
    unsent.apply(&plan(world));
    assert_eq!(
        unsent.pass(&[reworded], &[follower(today)]),
        [-30],
        "the waiting one is replaced"
    );
}

#[test]
fn a_moved_date_is_announced_again() {
    let mut ledger = Ledger::default();
    let due = deadline(day("2026-12-23"));
    assert_eq!(
        ledger.pass(std::slice::from_ref(&due), &[follower(day("2026-11-23"))]),
        [-30]
    );
    let moved = Tracked {
        revision: 2,
        due: day("2027-01-15"),
        ..due
    };
    assert_eq!(
        ledger.pass(std::slice::from_ref(&moved), &[follower(day("2026-11-24"))]),
        [-90]
    );
    assert_eq!(ledger.pass(&[moved], &[follower(day("2026-12-16"))]), [-30]);
}

#[test]
fn who_leaves_and_comes_back_is_reminded_once() {
    let today = day("2026-11-23");
    let due = [deadline(day("2026-12-23"))];
    let mut ledger = Ledger::default();
    ledger.apply(&plan(World {
        deadlines: &due,
        offsets: &OFFSETS,
        followers: &[follower(today)],
        ledger: &[],
    }));
    assert!(ledger.pass(&due, &[]).is_empty());
    assert_eq!(ledger.pass(&due, &[follower(today)]), [-30]);
    assert!(ledger.pass(&due, &[]).is_empty());
    assert!(ledger.pass(&due, &[follower(today)]).is_empty());
}

#[test]
fn the_cycle_is_measured_between_reports_of_the_same_treaty() {
    let report = |name: &str, due: &str| Deadline {
        state: "ALB".parse().expect("a state"),
        instrument: "ICRMW".parse().expect("an instrument"),
        report: name.to_owned(),
        due: day(due),
        basis: String::new(),
        set_by: None,
        status: DeadlineStatus::Upcoming,
        days: 0,
        certainty: Certainty::Statutory,
        submitted: None,
        concluding_observations: None,
    };
    let found = intervals(&[
        report("periodic 2", "2013-10-01"),
        report("initial", "2008-10-01"),
        report("national preventive mechanism", "2013-09-01"),
    ]);
    let days: Vec<_> = found.iter().map(|(key, days)| (key.report.as_str(), *days)).collect();
    assert_eq!(days, [("periodic 2", 1826)]);
}

#[test]
fn failures_lead_to_another_try_or_to_the_administrator() {
    let now: DateTime<Utc> = "2026-11-23T08:00:00Z".parse().expect("a moment");
    let verdict = |kind, attempts| Failure::new(kind, "why").verdict(attempts, 3, "seed", now);
    assert_eq!(verdict(FailureKind::Refused, 1), Verdict::Dead);
    assert_eq!(verdict(FailureKind::NotNow, 3), Verdict::Dead);
    assert_eq!(verdict(FailureKind::Unanswered, 3), Verdict::Dead);
    assert!(matches!(verdict(FailureKind::NotNow, 2), Verdict::RetryAt(_)));
    assert!(
        matches!(verdict(FailureKind::Service, 30), Verdict::RetryAt(_)),
        "an outage gives nothing up"
    );
}

#[test]
fn pauses_grow_to_six_hours_and_a_quarter() {
    let minutes = |attempts| back_off(attempts, "seed").num_minutes();
    assert!((1..=2).contains(&minutes(1)) && (4..=5).contains(&minutes(2)) && (16..=20).contains(&minutes(3)));
    assert!((360..=450).contains(&minutes(6)) && (360..=450).contains(&minutes(4_000_000)));
    assert_ne!(back_off(3, "one row"), back_off(3, "another row"));
}

#[test]
fn a_key_gives_one_message_id_and_another_key_another() {
    let one = ReminderKey {
        deadline: key("ALB"),
        revision: 1,
        offset: -30,
        recipient: ana(),
        channel: Channel::Email,
    };
    let other = ReminderKey {
        offset: -7,
        ..one.clone()
    };
    assert_eq!(
        one.message_id("servanda.example"),
        one.clone().message_id("servanda.example")
    );
    assert_ne!(one.message_id("servanda.example"), other.message_id("servanda.example"));
    assert!(one.message_id("servanda.example").ends_with("@servanda.example"));
}

/// What may happen between two passes.
#[derive(Debug, Clone)]
enum Event {
    Move(i64),
    Receive(bool),
    Follow(bool),
    Indicate(bool),
    Jump(i64),
    Settle(usize, ReminderStatus),
}

fn event() -> impl Strategy<Value = Event> {
    let statuses = prop::sample::select(ReminderStatus::ALL);
    prop_oneof![
        (-60i64..60).prop_map(Event::Move),
        any::<bool>().prop_map(Event::Receive),
        any::<bool>().prop_map(Event::Follow),
        any::<bool>().prop_map(Event::Indicate),
        (-20i64..90).prop_map(Event::Jump),
        (0usize..8, statuses).prop_map(|(which, status)| Event::Settle(which, status)),
    ]
}

struct Story {
    today: NaiveDate,
    deadline: Tracked,
    follows: bool,
    ledger: Ledger,
}

impl Story {
    fn happen(&mut self, event: &Event) {
        match event {
            Event::Move(days) => {
                self.deadline.due += TimeDelta::days(*days);
                self.deadline.revision += 1;
            }
            Event::Receive(received) => self.deadline.open = !received,
            Event::Follow(follows) => self.follows = *follows,
            Event::Indicate(yes) => {
                self.deadline.certainty = if *yes { Certainty::Indicative } else { Certainty::Set };
            }
            Event::Jump(days) => self.today += TimeDelta::days(*days),
            Event::Settle(which, status) => {
                let mut waiting = self.ledger.0.iter_mut().filter(|row| !row.status.is_settled());
                if let Some(row) = waiting.nth(*which) {
                    row.status = *status;
                }
            }
        }
    }

    fn plan(&mut self) -> usize {
        let followers: Vec<_> = self.follows.then(|| follower(self.today)).into_iter().collect();
        let deadlines = std::slice::from_ref(&self.deadline);
        let decisions = plan(World {
            deadlines,
            offsets: &OFFSETS,
            followers: &followers,
            ledger: &self.ledger.0,
        });
        self.ledger.apply(&decisions);
        decisions.len()
    }
}

proptest! {
    /// Whatever happens between passes, at whatever times they run: one row for a key (the ledger in memory refuses a
    /// second), at most one that waits, nothing twice for one date and offset, and a second pass changes nothing.
    #[test]
    fn any_sequence_of_passes_keeps_the_ledger_straight(events in prop::collection::vec(event(), 1..40)) {
        let deadline = deadline(day("2026-12-23"));
        let mut story = Story { today: day("2026-06-01"), deadline, follows: true, ledger: Ledger::default() };
        for event in &events {
            story.happen(event);
            story.plan();
            prop_assert_eq!(story.plan(), 0, "a second pass at the same moment changes nothing");
            let waiting = story.ledger.0.iter().filter(|row| row.status.is_waiting()).count();
            prop_assert!(waiting <= 1, "{:?}", story.ledger);
            if !story.deadline.open || !story.follows || story.deadline.certainty == Certainty::Indicative {
                prop_assert_eq!(waiting, 0);
            }
            let mut standing: Vec<_> = story.ledger.0.iter()
                .filter(|row| row.status != ReminderStatus::Cancelled)
                .map(|row| (row.due, row.key.offset)).collect();
            let before = standing.len();
            standing.sort();
            standing.dedup();
            prop_assert_eq!(standing.len(), before, "two rows for one date and offset");
        }
    }

    /// A reminder whose day passed while nothing ran is sent by the next pass, unless a nearer one has arrived.
    #[test]
    fn no_reminder_is_missed_by_a_late_pass(gaps in prop::collection::vec(1u64..40, 1..40)) {
        let due = deadline(day("2026-12-23"));
        let mut ledger = Ledger::default();
        let mut today = day("2026-06-01");
        for gap in gaps {
            today = today + Days::new(gap);
            ledger.pass(std::slice::from_ref(&due), &[follower(today)]);
            let ahead = i32::try_from((today - due.due).num_days()).expect("small");
            let nearest = OFFSETS.into_iter().filter(|offset| *offset <= ahead).max();
            if let Some(nearest) = nearest.filter(|_| ahead <= 60) {
                let sent = ledger.0.iter().any(|row| row.key.offset == nearest && row.status == ReminderStatus::Sent);
                prop_assert!(sent, "{} days from the due date the reminder at {} was not sent", ahead, nearest);
            }
        }
        let sent = ledger.0.iter().filter(|row| row.status == ReminderStatus::Sent).count();
        prop_assert!(sent <= OFFSETS.len());
    }
}
