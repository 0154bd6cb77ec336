//! A focal point is reminded once, whatever happens to the worker, the mail server or the date.

use crate::support::office::{Office, address, known, moment, morning, report, report_due, settings};
use chrono::Duration;
use servanda::actions::reminders as actions;
use servanda::actions::subscriptions::{self, SubscriptionError};
use servanda::clock::Clock;
use servanda::domain::deadlines::DeadlineStatus;
use servanda::domain::reminders::{CancelReason, Failure, FailureKind, Follows, ReminderStatus, Settlement, still_due};
use servanda::domain::users::Language;
use servanda::mail::{MemoryMailbox, Transport};
use servanda::store::{reminders, subscriptions as stored};
use servanda::worker::{Summary, rehearse_with, run_with};
use std::collections::BTreeMap;
use tokio::sync::watch;

fn service_failure() -> Failure {
    Failure::new(FailureKind::Service, "the mail server cannot be reached")
}

#[tokio::test]
async fn a_focal_point_is_reminded_thirty_days_ahead_and_only_once() {
    let office = Office::open().await;
    let ana = office.hire(&address("ana")).await;
    office.follow(&ana, "ALB").await;
    let mailbox = MemoryMailbox::default();
    let worker = office.worker(&mailbox);

    let first = office.pass(&worker, &[report_due()], morning()).await;
    assert_eq!(
        (first.planned, first.sent, first.superseded),
        (1, 1, 2),
        "-180 and -90 are recorded as skipped"
    );
    let second = office
        .pass(&worker, &[report_due()], morning() + Duration::hours(1))
        .await;
    assert_eq!(second, Summary::default());

    let row = office.only_row().await;
    assert_eq!((row.status, row.attempts), (ReminderStatus::Sent, 1));
    assert_eq!(row.message_id, row.key.message_id("servanda.example"));
    let mails = mailbox.stored();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].to.as_str(), &mails[0].message_id),
        (ana.email.as_str(), &row.message_id)
    );
    assert!(office.audited().await >= 4);
}

#[tokio::test]
async fn who_follows_another_state_hears_nothing() {
    let office = Office::open().await;
    let juan = office.hire(&address("juan")).await;
    office.follow(&juan, "MEX").await;
    let summary = office
        .pass(&office.worker(&MemoryMailbox::default()), &[report_due()], morning())
        .await;
    assert_eq!(summary, Summary::default());
}

#[tokio::test]
async fn the_readers_own_date_decides() {
    let office = Office::open().await;
    let early = office
        .hire_in(&address("kiri"), Language::English, "Pacific/Auckland")
        .await;
    let late = office
        .hire_in(&address("keoni"), Language::English, "Pacific/Honolulu")
        .await;
    for person in [&early, &late] {
        office.follow(person, "ALB").await;
    }
    let mailbox = MemoryMailbox::default();
    let worker = office.worker(&mailbox);
    // 24 December has begun in Auckland; in Honolulu it is still the day on which the report is due.
    let evening = moment("2026-12-23T12:30:00Z");
    office.pass(&worker, &[report_due()], evening).await;
    let offsets: BTreeMap<_, _> = office
        .ledger()
        .await
        .into_iter()
        .filter(|row| row.status == ReminderStatus::Sent)
        .map(|row| (row.key.recipient, row.key.offset))
        .collect();
    assert_eq!(offsets, BTreeMap::from([(early.id, 1), (late.id, -1)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_on_one_database_send_each_reminder_once() {
    let office = Office::open().await;
    let people = office.followers(24).await;
    let mailbox = MemoryMailbox::default();
    let config = settings(&[]);
    let one = office.worker_with(
        office.data.second_pool().await,
        Transport::Memory(mailbox.clone()),
        &config,
    );
    let other = office.worker_with(
        office.data.second_pool().await,
        Transport::Memory(mailbox.clone()),
        &config,
    );
    let due = [report_due()];
    let (a, b) = tokio::join!(office.pass(&one, &due, morning()), office.pass(&other, &due, morning()));
    assert_eq!((a.planned + b.planned, a.sent + b.sent), (24, 24));
    let mut addresses: Vec<_> = mailbox.stored().into_iter().map(|mail| mail.to).collect();
    addresses.sort();
    let mut expected: Vec<_> = people.iter().map(|person| person.email.to_string()).collect();
    expected.sort();
    assert_eq!(addresses, expected);
    office.audited().await;
}

#[tokio::test]
async fn a_pass_that_dies_in_the_middle_is_finished_by_the_next() {
    let office = Office::open().await;
    office.followers(5).await;
    let mailbox = MemoryMailbox::default();
    mailbox.hang_after(2); // the third is taken by the server, and the worker dies before it can note so
    let (due, silent) = ([report_due()], watch::channel(false).1);
    let worker = office.worker(&mailbox);
    let all = known(&due);
    let pass = run_with(&worker, &all, &office.names, morning(), &silent);
    tokio::time::timeout(std::time::Duration::from_secs(2), pass)
        .await
        .expect_err("it hangs and is dropped");
    assert_eq!(mailbox.stored().len(), 3);

    let again = office
        .pass(&office.worker(&mailbox), &due, morning() + Duration::seconds(30))
        .await;
    assert_eq!(again.sent, 2, "the rest; the doubtful one is still leased");
    let later = office
        .pass(&office.worker(&mailbox), &due, morning() + Duration::seconds(400))
        .await;
    assert_eq!(later.sent, 1, "the doubtful one, once more");

    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mailbox.stored() {
        *times.entry(mail.message_id).or_default() += 1;
    }
    let mut counts: Vec<usize> = times.into_values().collect();
    counts.sort_unstable();
    assert_eq!(
        counts,
        [1, 1, 1, 1, 2],
        "five Message-IDs; only the doubtful one came twice, under the same"
    );
    assert!(office.ledger().await.iter().all(|row| row.status.is_settled()));
    assert_eq!(
        office
            .pass(&office.worker(&mailbox), &due, morning() + Duration::hours(9))
            .await,
        Summary::default()
    );
}

#[tokio::test]
async fn the_rows_of_a_process_that_died_here_are_freed_at_once() {
    let office = Office::open().await;
    office.followers(1).await;
    let mailbox = MemoryMailbox::default();
    let worker = office.worker(&mailbox);
    let here = worker.holder.as_str().split('|').next().unwrap().to_owned();
    actions::plan(office.db(), morning(), planning(), &known(&[report_due()]))
        .await
        .unwrap();
    let dead = format!("{here}|4194304|17|nobody");
    let claim = reminders::claim(office.db(), &dead, morning(), Duration::hours(1))
        .await
        .unwrap();
    assert!(claim.is_some());
    let summary = office.pass(&worker, &[report_due()], morning()).await;
    assert_eq!(summary.sent, if cfg!(target_os = "linux") { 1 } else { 0 });
}

fn planning() -> actions::Planning<'static> {
    actions::Planning {
        actor: "worker",
        offsets: &[-30, -7, 1],
        host: "servanda.example",
    }
}

#[tokio::test]
async fn a_lease_that_was_lost_settles_nothing() {
    let office = Office::open().await;
    office.followers(1).await;
    actions::plan(office.db(), morning(), planning(), &known(&[report_due()]))
        .await
        .unwrap();
    let lease = Duration::seconds(10);
    let slow = reminders::claim(office.db(), "slow", morning(), lease)
        .await
        .unwrap()
        .unwrap();
    assert!(
        reminders::claim(office.db(), "other", morning(), lease)
            .await
            .unwrap()
            .is_none(),
        "it is taken"
    );

    let later = morning() + Duration::seconds(11);
    let tx = office.db().begin().await.unwrap();
    assert_eq!(reminders::end_leases(&tx, later).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let quick = reminders::claim(office.db(), "other", later, lease)
        .await
        .unwrap()
        .unwrap();
    assert!(quick.is_repeat && quick.entry.attempts == 2);
    let dead = Settlement::Dead {
        error: "too slow".to_owned(),
    };
    assert!(
        !actions::settle(office.db(), later, "worker", &slow, &dead)
            .await
            .unwrap()
    );
    assert!(
        actions::settle(office.db(), later, "worker", &quick, &Settlement::Sent)
            .await
            .unwrap()
    );
    assert_eq!(office.only_row().await.status, ReminderStatus::Sent);
}

#[tokio::test]
async fn a_failure_of_the_service_is_tried_again_and_ends_the_pass_early() {
    let office = Office::open().await;
    office.followers(5).await;
    let mailbox = MemoryMailbox::default();
    for _ in 0..3 {
        mailbox.fail_after(0, service_failure());
    }
    let worker = office.worker(&mailbox);
    let summary = office.pass(&worker, &[report_due()], morning()).await;
    assert_eq!(
        (summary.planned, summary.sent, summary.retried),
        (5, 0, 3),
        "two are not even tried"
    );
    let waiting: Vec<_> = office
        .ledger()
        .await
        .into_iter()
        .filter(|row| row.status.is_waiting())
        .collect();
    assert_eq!(waiting.len(), 5);
    let problem = waiting.iter().find_map(|row| row.last_error.clone());
    assert_eq!(problem.as_deref(), Some("the mail server cannot be reached"));
    let later = office
        .pass(&worker, &[report_due()], morning() + Duration::minutes(5))
        .await;
    assert_eq!(later.sent, 5);
}

#[tokio::test]
async fn what_is_given_up_is_shown_and_an_administrator_may_try_it_again() {
    let office = Office::open().await;
    office.followers(1).await;
    let mailbox = MemoryMailbox::default();
    mailbox.fail_after(0, Failure::new(FailureKind::Refused, "550 no such mailbox"));
    let worker = office.worker(&mailbox);
    assert_eq!(office.pass(&worker, &[report_due()], morning()).await.dead, 1);
    assert_eq!(
        office.pass(&worker, &[report_due()], morning()).await,
        Summary::default()
    );
    let row = office.only_row().await;
    assert_eq!(
        (row.status, row.why().as_deref()),
        (ReminderStatus::Dead, Some("550 no such mailbox"))
    );

    let again = || {
        actions::retry(
            office.db(),
            morning(),
            "admin@example.org",
            row.id,
            "the address was mended",
        )
    };
    again().await.unwrap();
    assert!(matches!(
        again().await,
        Err(actions::RetryError::NotDead(ReminderStatus::Planned))
    ));
    assert_eq!(office.pass(&worker, &[report_due()], morning()).await.sent, 1);
}

#[tokio::test]
async fn a_date_that_moves_cancels_what_waits_and_plans_anew() {
    let office = Office::open().await;
    office.followers(1).await;
    let mailbox = MemoryMailbox::default();
    mailbox.fail_after(0, service_failure());
    let worker = office.worker(&mailbox);
    office.pass(&worker, &[report_due()], morning()).await;

    let moved = report("ALB", "2027-01-31");
    let summary = office
        .pass(&worker, std::slice::from_ref(&moved), morning() + Duration::hours(1))
        .await;
    assert_eq!((summary.cancelled, summary.planned, summary.sent), (1, 1, 1));
    let old = office.only_row().await;
    assert_eq!((old.status, old.key.revision), (ReminderStatus::Cancelled, 1));
    assert_eq!(old.why().as_deref(), Some("the deadline was revised"));
    let sent = office
        .ledger()
        .await
        .into_iter()
        .find(|row| row.status == ReminderStatus::Sent)
        .unwrap();
    assert_eq!((sent.key.revision, sent.due, sent.key.offset), (2, moved.due, -90));
}

#[tokio::test]
async fn a_report_that_arrives_or_a_deadline_that_goes_away_cancels_what_waits() {
    for gone in [false, true] {
        let office = Office::open().await;
        office.followers(1).await;
        let mailbox = MemoryMailbox::default();
        mailbox.fail_after(0, service_failure());
        let worker = office.worker(&mailbox);
        office.pass(&worker, &[report_due()], morning()).await;

        let submitted = [servanda::domain::deadlines::Deadline {
            status: DeadlineStatus::Submitted,
            ..report_due()
        }];
        let now: &[_] = if gone { &[] } else { &submitted };
        let summary = office.pass(&worker, now, morning() + Duration::hours(1)).await;
        assert_eq!((summary.cancelled, summary.sent), (1, 0));
        let reason = if gone {
            CancelReason::DeadlineGone
        } else {
            CancelReason::ReportReceived
        };
        assert_eq!(office.only_row().await.reason.as_deref(), Some(reason.word()));

        let back = office
            .pass(&worker, &[report_due()], morning() + Duration::hours(2))
            .await;
        assert_eq!(
            back.sent, 1,
            "it was a mistake: the deadline stands again, as a new revision"
        );
    }
}

#[tokio::test]
async fn who_stops_following_between_plan_and_sending_is_not_written_to() {
    let office = Office::open().await;
    let ana = office.hire(&address("ana")).await;
    office.follow(&ana, "ALB").await;
    actions::plan(office.db(), morning(), planning(), &known(&[report_due()]))
        .await
        .unwrap();
    let following = stored::of_user(office.db(), ana.id).await.unwrap();
    let claim = reminders::claim(office.db(), "me", morning(), Duration::minutes(5))
        .await
        .unwrap()
        .unwrap();
    assert!(actions::ready(office.db(), morning(), &claim).await.unwrap().is_ok());
    subscriptions::unfollow(office.db(), morning(), ana.email.as_str(), ana.id, following[0].id)
        .await
        .unwrap();
    let answer = actions::ready(office.db(), morning(), &claim).await.unwrap();
    assert_eq!(answer.unwrap_err(), CancelReason::Unsubscribed);
    assert_eq!(still_due(&claim.entry.key, None, None), Err(CancelReason::DeadlineGone));
}

#[tokio::test]
async fn nobody_follows_the_same_twice_or_what_does_not_exist() {
    let office = Office::open().await;
    let (ana, eva) = (office.hire(&address("ana")).await, office.hire(&address("eva")).await);
    let follow = |state: Option<&str>, instrument: Option<&str>| {
        let follows = Follows {
            state: state.map(|code| code.parse().unwrap()),
            instrument: instrument.map(|code| code.parse().unwrap()),
        };
        subscriptions::follow(office.db(), morning(), ana.email.as_str(), ana.id, follows)
    };
    for (state, instrument) in [
        (None, None),
        (Some("ALB"), None),
        (None, Some("ICRMW")),
        (Some("ALB"), Some("ICRMW")),
    ] {
        follow(state, instrument).await.unwrap();
        assert!(matches!(
            follow(state, instrument).await,
            Err(SubscriptionError::Already)
        ));
    }
    assert!(matches!(
        follow(Some("XXX"), None).await,
        Err(SubscriptionError::UnknownSubject)
    ));
    let hers = stored::of_user(office.db(), ana.id).await.unwrap();
    let theft = subscriptions::unfollow(office.db(), morning(), eva.email.as_str(), eva.id, hers[0].id).await;
    assert!(matches!(theft, Err(SubscriptionError::Unknown)));
    assert_eq!(stored::of_user(office.db(), ana.id).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_rehearsal_says_what_would_go_and_writes_nothing() {
    let office = Office::open().await;
    let ana = office.hire_in(&address("ana"), Language::French, "Europe/Tirane").await;
    office.follow(&ana, "ALB").await;
    let mailbox = MemoryMailbox::default();
    let worker = office.worker(&mailbox);
    // Albania has no treaty actions in this database, hence no computed deadlines: a pass plants one.
    mailbox.fail_after(0, service_failure());
    office.pass(&worker, &[report_due()], morning()).await;
    let before = (office.ledger().await, office.audited().await);

    let rehearsal = rehearse_with(&worker, &known(&[report_due()]), morning() + Duration::hours(1))
        .await
        .unwrap();
    assert_eq!(rehearsal.would_send.len(), 1);
    let line = &rehearsal.would_send[0];
    assert_eq!(
        (line.to.as_str(), line.days, line.offset),
        (ana.email.as_str(), 30, -30)
    );
    assert_eq!((office.ledger().await, office.audited().await), before);
    assert!(mailbox.stored().is_empty());
}

#[tokio::test]
async fn the_loop_ends_between_two_messages_when_it_is_told_to() {
    let office = Office::open().await;
    let (tell, told) = watch::channel(false);
    let worker = office.worker(&MemoryMailbox::default());
    let running = tokio::spawn(servanda::worker::run(worker, Clock::fixed(morning()), told));
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!running.is_finished());
    tell.send(true).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), running)
        .await
        .expect("it ends")
        .unwrap();

    office.followers(3).await;
    let (worker, stopped) = (office.worker(&MemoryMailbox::default()), watch::channel(true).1);
    let summary = run_with(&worker, &known(&[report_due()]), &office.names, morning(), &stopped)
        .await
        .unwrap();
    assert_eq!(
        (summary.planned, summary.sent),
        (3, 0),
        "planned, and left to the next start"
    );
}
