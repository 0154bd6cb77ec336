//! Figures of the World Bank are asked for with care: all pages or nothing, and every way in which an answer can be wrong
//! is told. Servers on this machine stand for it.

use crate::support::bank::{Bank, MADE_UP, NO_FIGURES, PAGE_1, PAGE_2, WRONG_INDICATOR, json, patience, sound};
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use servanda::sources::world_bank::{Fetched, Limits, Unavailable, WorldBank};
use std::time::Duration;

async fn fetch(bank: &WorldBank) -> Result<Fetched, Unavailable> {
    let series = MADE_UP.parse().expect("a code");
    bank.fetch(&series, &|code| ["MEX", "PHL"].contains(&code)).await
}

async fn fails(bank: &WorldBank) -> String {
    fetch(bank).await.expect_err("it cannot be read").to_string()
}

#[tokio::test]
async fn all_pages_are_one_series_without_regions() {
    let bank = Bank::sound().await;
    let fetched = fetch(&bank.client()).await.expect("two pages");
    let told: Vec<(String, i32, f64)> = fetched
        .figures
        .iter()
        .map(|figure| (figure.state.to_string(), figure.year, figure.value))
        .collect();
    let expected = [
        ("MEX", 2023, 12.5),
        ("MEX", 2022, 12.25),
        ("PHL", 2023, -3.0),
        ("PHL", 2022, 4.000_001),
        ("PHL", 2021, 1e-7),
    ];
    assert_eq!(
        told,
        expected.map(|(state, year, value)| (state.to_owned(), year, value))
    );
    assert_eq!(fetched.last_updated.expect("a day").to_string(), "2026-10-07");
    assert!(fetched.name.starts_with("Made up"));
    assert_eq!((fetched.pages, fetched.retries, bank.asked()), (2, 0, 2));
    assert_eq!(
        fetched.note(),
        "left out, as no states of ours: 3 regions and territories such as ARB, XD, XKX, rows: 4; rows without a value: 1"
    );
}

#[tokio::test]
async fn an_answer_that_is_wrong_is_told_and_not_asked_again() {
    type Answer = fn(usize, usize) -> Response;
    let cases: [(Answer, &str); 16] = [
        (
            |_, _| Html("<!doctype html><title>Maintenance").into_response(),
            "a web page came instead of JSON",
        ),
        (|_, _| json("  <html>"), "markup came instead of JSON"),
        (|_, _| "hello".into_response(), "the answer is not JSON"),
        (|_, _| json(r#"{"page":1}"#), "JSON of another shape"),
        (
            |_, _| json(WRONG_INDICATOR),
            "the World Bank says of MADE.UP.ONE: Invalid value: The provided parameter value is not valid",
        ),
        (|_, _| json(NO_FIGURES), "there are no figures"),
        (|_, _| StatusCode::NOT_FOUND.into_response(), "the server answers 404"),
        (
            |_, _| Redirect::permanent("https://elsewhere.example/v3").into_response(),
            "it leads on to https://elsewhere.example/v3, which is not followed; set world_bank.url",
        ),
        (
            |_, _| json(PAGE_1.replace("\"total\": 10", "\"total\": 1000000")),
            "MADE.UP.ONE has 1000000 rows; at most 100000 are read",
        ),
        (
            |_, _| json(PAGE_1.replace("\"pages\": 2", "\"pages\": 1000000")),
            "MADE.UP.ONE claims to have 1000000 pages for 10 rows",
        ),
        (
            |_, _| json(PAGE_1.replace("\"total\": 10", "\"total\": 5")),
            "has 5 rows by its own count, and more came",
        ),
        (
            |_, _| json(PAGE_1.replace("MADE.UP.ONE", "MADE.UP.TWO")),
            "MADE.UP.ONE was asked for, and a row of MADE.UP.TWO came",
        ),
        (
            |_, _| json(PAGE_1.replace("\"2022\"", "\"2022M03\"")),
            "only yearly series are read",
        ),
        (
            |_, _| json(PAGE_1.replace("\"2022\"", "\"2023\"")),
            "two rows for MEX 2023",
        ),
        (
            |_, _| json(PAGE_2),
            "page 1 of MADE.UP.ONE was asked for, and page 2 came",
        ),
        (
            |_, _| {
                json(
                    PAGE_1
                        .replace("\"MEX\"", "\"XXX\"")
                        .replace("\"pages\": 2", "\"pages\": 1")
                        .replace("\"total\": 10", "\"total\": 6"),
                )
            },
            "MADE.UP.ONE has no figure for any state",
        ),
    ];
    for (answer, expected) in cases {
        let bank = Bank::answering(answer).await;
        let why = fails(&bank.client()).await;
        assert!(why.contains(expected), "{expected}: {why}");
        assert_eq!(bank.asked(), 1, "{expected}");
    }
}

#[tokio::test]
async fn half_an_answer_and_a_tired_server_are_asked_again() {
    type Fault = fn() -> Response;
    let broken_off = || {
        let chunks = [
            Ok(Bytes::from_static(b"[{\"page\":1,")),
            Err(std::io::Error::other("cut")),
        ];
        Body::from_stream(futures_util::stream::iter(chunks)).into_response()
    };
    let faults: [(Fault, &str); 6] = [
        (|| json(&PAGE_1[..700]), "the answer ends in the middle"),
        (|| json(""), "the answer is empty"),
        (broken_off, "the answer broke off"),
        (
            || StatusCode::BAD_GATEWAY.into_response(),
            "the server answers 502 Bad Gateway",
        ),
        (
            || (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response(),
            "the server answers 429",
        ),
        (
            || (StatusCode::SERVICE_UNAVAILABLE, Html("<p>later")).into_response(),
            "the server answers 503",
        ),
    ];
    for (fault, expected) in faults {
        let once = Bank::answering(move |page, before| if before == 0 { fault() } else { sound(page) }).await;
        let fetched = fetch(&once.client()).await.expect(expected);
        assert_eq!(
            (fetched.figures.len(), fetched.retries, once.asked()),
            (5, 1, 3),
            "{expected}"
        );
        assert!(fetched.note().ends_with("asked again after a fault: 1"));
        // On the last page, and always: nothing of the first page is used.
        let always = Bank::answering(move |page, _| if page == 2 { fault() } else { sound(page) }).await;
        let why = fails(&always.client()).await;
        assert!(
            why.starts_with("page 2 of MADE.UP.ONE: ")
                && why.contains(expected)
                && why.ends_with("it was asked 3 times"),
            "{why}"
        );
        assert_eq!(always.asked(), 4, "{expected}");
    }
}

#[tokio::test]
async fn a_server_that_wants_too_long_a_pause_is_left_alone() {
    let bank =
        Bank::answering(|_, _| (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "3600")]).into_response())
            .await;
    let why = fails(&bank.client()).await;
    assert!(why.contains("asks to come back in 3600 seconds"), "{why}");
    assert_eq!(bank.asked(), 1);
}

#[tokio::test]
async fn slow_dripping_and_large_answers_end_at_the_limits() {
    fn drip(piece: &'static [u8], pause: u64) -> Response {
        let drops = futures_util::stream::unfold((), move |()| async move {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(piece)), ()))
        });
        Body::from_stream(drops).into_response()
    }
    let limits = Limits {
        page_time: Duration::from_millis(200),
        page_bytes: 100_000,
        ..patience()
    };
    let slow = Bank::answering(|_, _| drip(b" ", 20)).await;
    let why = fails(&slow.client_with(limits)).await;
    assert!(
        why.contains("no whole answer within 0.2 seconds") && why.ends_with("asked 3 times"),
        "{why}"
    );
    let all = Limits {
        time: Duration::from_millis(300),
        ..limits
    };
    let why = fails(&slow.client_with(all)).await;
    assert_eq!(why, "not all pages of MADE.UP.ONE came within 0.3 seconds");
    let flood = Bank::answering(|_, _| drip(&[b' '; 8_192], 0)).await;
    let why = fails(&flood.client_with(limits)).await;
    assert!(why.contains("larger than 100000 bytes"), "{why}");
    assert_eq!(flood.asked(), 1);
}

#[tokio::test]
async fn where_nobody_answers_it_is_said_where() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/v2", listener.local_addr().expect("an address"));
    drop(listener);
    let nobody = WorldBank::new(&base, patience(), || 0.0).expect("a client");
    let why = fails(&nobody).await;
    assert!(why.contains(&format!("nothing answers at {base}")), "{why}");
    let unknown = WorldBank::new("http://no-such-name.invalid/v2", patience(), || 0.0).expect("a client");
    let why = fails(&unknown).await;
    assert!(
        why.contains("the name in http://no-such-name.invalid/v2 is not known"),
        "{why}"
    );
}

#[tokio::test]
async fn a_series_that_changes_while_it_is_read_is_read_once_more() {
    let renewed = |text: &str| text.replace("2026-10-07", "2026-12-01");
    // Renewed after the first page was read.
    let once = Bank::answering(move |page, before| {
        let text = if page == 1 { PAGE_1 } else { PAGE_2 };
        json(if before == 0 { text.to_owned() } else { renewed(text) })
    })
    .await;
    let fetched = fetch(&once.client()).await.expect("the second reading");
    assert_eq!(fetched.last_updated.expect("a day").to_string(), "2026-12-01");
    assert_eq!((fetched.figures.len(), once.asked()), (5, 4));
    // A page count that never agrees.
    let never = Bank::answering(|page, _| match page {
        1 => json(PAGE_1),
        _ => json(PAGE_2.replace("\"pages\": 2", "\"pages\": 3")),
    })
    .await;
    let why = fails(&never.client()).await;
    assert!(
        why.contains("changed while it was read: 10 rows on 2 pages of 2026-10-07 on page 1, 10 rows on 3 pages")
            && why.contains("once more from the beginning"),
        "{why}"
    );
    // A page that is missing rows.
    let short = Bank::answering(|page, _| match page {
        1 => json(PAGE_1),
        _ => json(r#"[{"page":2,"pages":2,"total":10,"lastupdated":"2026-10-07"},[]]"#),
    })
    .await;
    let why = fails(&short.client()).await;
    assert!(why.contains("has 10 rows by its own count, and 6 came"), "{why}");
}
