//! A server on this machine that answers like the World Bank's Indicators API, or as badly as a test wants.

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use servanda::sources::world_bank::{Limits, WorldBank};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub const PAGE_1: &str = include_str!("../../../fixtures/sources/world_bank/page_1.json");
pub const PAGE_2: &str = include_str!("../../../fixtures/sources/world_bank/page_2.json");
pub const WRONG_INDICATOR: &str = include_str!("../../../fixtures/sources/world_bank/wrong_indicator.json");
pub const NO_FIGURES: &str = include_str!("../../../fixtures/sources/world_bank/no_figures.json");
/// The indicator of the recorded pages. There is none of that name.
pub const MADE_UP: &str = "MADE.UP.ONE";

/// The server: where it is, and how often it was asked.
pub struct Bank {
    pub url: String,
    asked: Arc<AtomicUsize>,
}

impl Bank {
    /// Answers with what `answer` gives for a page and for how many questions came before.
    pub async fn answering(answer: impl Fn(usize, usize) -> Response + Clone + Send + Sync + 'static) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let handler = move |Path(id): Path<String>, Query(query): Query<HashMap<String, String>>| {
            let before = count.fetch_add(1, Ordering::SeqCst);
            assert_eq!((id.as_str(), query["format"].as_str()), (MADE_UP, "json"));
            let response = answer(query["page"].parse().expect("a page"), before);
            async move { response }
        };
        let site = Router::new().route("/v2/country/all/indicator/{id}", get(handler));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v2", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, site).await });
        Self { url, asked }
    }

    /// Answers with the two recorded pages.
    pub async fn sound() -> Self {
        Self::answering(|page, _| sound(page)).await
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Somebody who asks it, with little patience.
    pub fn client(&self) -> WorldBank {
        self.client_with(patience())
    }

    pub fn client_with(&self, limits: Limits) -> WorldBank {
        WorldBank::new(&self.url, limits, || 0.0).expect("a client")
    }
}

/// Three tries, hardly any pauses.
pub fn patience() -> Limits {
    Limits {
        page_time: Duration::from_secs(2),
        time: Duration::from_secs(10),
        tries: 3,
        pause: Duration::from_millis(2),
        ..Limits::default()
    }
}

pub fn json(text: impl Into<String>) -> Response {
    ([(header::CONTENT_TYPE, "application/json;charset=utf-8")], text.into()).into_response()
}

/// The recorded page of that number.
pub fn sound(page: usize) -> Response {
    json(if page == 1 { PAGE_1 } else { PAGE_2 })
}
