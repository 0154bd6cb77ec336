//! A series of the World Bank: Indicators API, version 2, as JSON, page by page. All pages or nothing; every wait and
//! every size has an end.

mod pages;
mod pauses;

use crate::domain::figures::{Figure, MOST, SeriesId};
use chrono::NaiveDate;
use pages::{Header, Page, Row, Wrong};
use pauses::{Pauses, asked_pause};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, redirect};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::time::Duration;

/// Who says what this source says.
pub const SOURCE: &str = "World Bank, Indicators API";

/// How much one series may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One page, from the question to its last byte.
    pub page_time: Duration,
    /// All pages, with all pauses between two tries.
    pub time: Duration,
    /// Bytes of one page, unpacked.
    pub page_bytes: usize,
    /// Rows of all pages, those of regions among them.
    pub rows: usize,
    /// Rows that are asked for at once.
    pub per_page: usize,
    /// How often a page is asked for.
    pub tries: u32,
    /// The pause before the second try; it doubles from try to try.
    pub pause: Duration,
    /// No pause is longer, and a server that asks for a longer one is left alone.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page_time: Duration::from_secs(30),
            time: Duration::from_secs(300),
            page_bytes: 8 * 1024 * 1024,
            rows: MOST,
            per_page: 2_000,
            tries: 4,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
        }
    }
}

/// A series as the World Bank gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// What it is called there.
    pub name: String,
    /// The day of the figures, as the World Bank says.
    pub last_updated: Option<NaiveDate>,
    /// The figures of states that we know.
    pub figures: Vec<Figure>,
    /// Rows of such states without a value.
    pub blank: usize,
    /// Codes of the regions and territories that are no states of ours, and how many of their rows were left out.
    pub left_out: BTreeMap<String, usize>,
    /// How many pages there were.
    pub pages: usize,
    /// How often something had to be asked again.
    pub retries: usize,
}

impl Fetched {
    /// What was left out and what went otherwise than expected, in one sentence each.
    #[must_use]
    pub fn note(&self) -> String {
        let mut parts = Vec::new();
        let rows: usize = self.left_out.values().sum();
        if rows > 0 {
            let codes: Vec<&str> = self.left_out.keys().take(5).map(String::as_str).collect();
            let (count, such) = (self.left_out.len(), codes.join(", "));
            parts.push(format!(
                "left out, as no states of ours: {count} regions and territories such as {such}, rows: {rows}"
            ));
        }
        if self.blank > 0 {
            parts.push(format!("rows without a value: {}", self.blank));
        }
        if self.retries > 0 {
            parts.push(format!("asked again after a fault: {}", self.retries));
        }
        parts.join("; ")
    }
}

/// Why a series could not be had. Nothing of it is used then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(String);

/// Asks the World Bank.
#[derive(Debug, Clone)]
pub struct WorldBank {
    client: Client,
    base: String,
    limits: Limits,
    jitter: fn() -> f64,
}

/// What one try came to.
enum Try {
    /// It may go better next time; the server may say when.
    Again(String, Option<Duration>),
    /// It will not.
    Never(String),
}

/// What a reading of all pages came to.
enum Halt {
    /// The pages do not belong together: the source changed while it was read.
    Moved(String),
    Failed(String),
}

impl WorldBank {
    /// Asks at that address, which ends before `/country`. `jitter` gives numbers from 0 to 1 that differ from try to try,
    /// so that many who wait do not come back together.
    ///
    /// # Errors
    /// When this machine offers no way to check certificates.
    pub fn new(base: &str, limits: Limits, jitter: fn() -> f64) -> Result<Self, String> {
        // Ignored: the only failure is that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(limits.page_time)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("servanda/", env!("CARGO_PKG_VERSION"), " (reads indicators)"))
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            limits,
            jitter,
        })
    }

    /// All of a series. `is_state` says which codes are states of ours; all others are left out and counted.
    ///
    /// # Errors
    /// [`Unavailable`], with what happened and where.
    pub async fn fetch(
        &self,
        series: &SeriesId,
        is_state: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Fetched, Unavailable> {
        let whole = tokio::time::timeout(self.limits.time, self.whole(series, is_state)).await;
        whole.unwrap_or_else(|_| {
            let seconds = self.limits.time.as_secs_f32();
            Err(Unavailable(format!(
                "not all pages of {series} came within {seconds} seconds"
            )))
        })
    }

    async fn whole(&self, series: &SeriesId, is_state: &(dyn Fn(&str) -> bool + Sync)) -> Result<Fetched, Unavailable> {
        let mut retries = 0;
        let first = match self.pages(series, is_state, &mut retries).await {
            Ok(fetched) => return Ok(Fetched { retries, ..fetched }),
            Err(Halt::Failed(why)) => return Err(Unavailable(why)),
            Err(Halt::Moved(why)) => why,
        };
        // The figures may just have been renewed: once more from the beginning.
        retries += 1;
        match self.pages(series, is_state, &mut retries).await {
            Ok(fetched) => Ok(Fetched { retries, ..fetched }),
            Err(Halt::Failed(why)) => Err(Unavailable(why)),
            Err(Halt::Moved(why)) => Err(Unavailable(format!("{first}; and once more from the beginning: {why}"))),
        }
    }

    async fn pages(
        &self,
        series: &SeriesId,
        is_state: &(dyn Fn(&str) -> bool + Sync),
        retries: &mut usize,
    ) -> Result<Fetched, Halt> {
        let mut reading = Reading::new(series, is_state);
        let mut number = 1;
        loop {
            let page = self.page(series, number, retries).await.map_err(Halt::Failed)?;
            let header = reading.take(number, page, self.limits.rows)?;
            if number >= header.pages {
                return reading.finish(&header);
            }
            number += 1;
        }
    }

    /// One page, asked for as often as the limits allow.
    async fn page(&self, series: &SeriesId, number: usize, retries: &mut usize) -> Result<Page, String> {
        let mut pauses = Pauses::new(&self.limits, self.jitter);
        loop {
            let asked = tokio::time::timeout(self.limits.page_time, self.ask(series, number)).await;
            let outcome = asked.unwrap_or_else(|_| {
                let seconds = self.limits.page_time.as_secs_f32();
                Err(Try::Again(format!("no whole answer within {seconds} seconds"), None))
            });
            let (why, wanted) = match outcome {
                Ok(page) => return Ok(page),
                Err(Try::Never(why)) => return Err(why),
                Err(Try::Again(why, wanted)) => (why, wanted),
            };
            match pauses.next(wanted) {
                Ok(pause) => tokio::time::sleep(pause).await,
                Err(given_up) => return Err(format!("page {number} of {series}: {why}; {given_up}")),
            }
            *retries += 1;
        }
    }

    async fn ask(&self, series: &SeriesId, number: usize) -> Result<Page, Try> {
        let (base, per_page) = (&self.base, self.limits.per_page);
        let url = format!("{base}/country/all/indicator/{series}?format=json&per_page={per_page}&page={number}");
        let request = self.client.get(&url).header(ACCEPT, "application/json").send();
        let response = request.await.map_err(|error| self.failed(&error))?;
        let status = response.status();
        match status.as_u16() {
            200..=299 => {}
            300..=399 => {
                let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
                let to = to.unwrap_or("nowhere").chars().take(200).collect::<String>();
                let why =
                    format!("it leads on to {to}, which is not followed; set world_bank.url to the right address");
                return Err(Try::Never(why));
            }
            408 | 425 | 429 | 500..=599 => {
                let pause = asked_pause(response.headers());
                return Err(Try::Again(format!("the server answers {status}"), pause));
            }
            _ => {
                let why = format!("the server answers {status} for {series}");
                return Err(Try::Never(why));
            }
        }
        let is_html = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
            kind.starts_with("text/html") || kind.starts_with("application/xhtml")
        });
        let bytes = self.body(response).await?;
        match pages::read(&bytes, is_html) {
            Ok(page) => Ok(page),
            Err(Wrong::Cut(why)) => Err(Try::Again(why, None)),
            Err(Wrong::Said(why)) => Err(Try::Never(format!("the World Bank says of {series}: {why}"))),
            Err(Wrong::Other(why)) => Err(Try::Never(format!("page {number} of {series}: {why}"))),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Try> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failed(&error))? {
            if bytes.len() + chunk.len() > self.limits.page_bytes {
                let most = self.limits.page_bytes;
                return Err(Try::Never(format!("a page is larger than {most} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn failed(&self, error: &reqwest::Error) -> Try {
        let base = &self.base;
        let why = match () {
            () if error.is_timeout() => {
                format!("no whole answer within {} seconds", self.limits.page_time.as_secs_f32())
            }
            () if error.is_dns() => format!("the name in {base} is not known"),
            () if error.is_connect() => format!("nothing answers at {base}: {}", told(error)),
            () if error.is_builder() => return Try::Never(format!("{base} is no address that can be asked")),
            () => format!("the answer broke off: {}", told(error)),
        };
        Try::Again(why, None)
    }
}

/// What was read of the pages so far.
struct Reading<'a> {
    series: &'a SeriesId,
    is_state: &'a (dyn Fn(&str) -> bool + Sync),
    first: Option<Header>,
    rows: usize,
    seen: BTreeSet<(String, i32)>,
    fetched: Fetched,
}

impl<'a> Reading<'a> {
    fn new(series: &'a SeriesId, is_state: &'a (dyn Fn(&str) -> bool + Sync)) -> Self {
        Self {
            series,
            is_state,
            first: None,
            rows: 0,
            seen: BTreeSet::new(),
            fetched: Fetched {
                name: String::new(),
                last_updated: None,
                figures: Vec::new(),
                blank: 0,
                left_out: BTreeMap::new(),
                pages: 0,
                retries: 0,
            },
        }
    }

    fn take(&mut self, number: usize, page: Page, most: usize) -> Result<Header, Halt> {
        let Page { header, rows } = page;
        if header.total > most {
            let why = format!("{} has {} rows; at most {most} are read", self.series, header.total);
            return Err(Halt::Failed(why));
        }
        if header.pages > header.total {
            let (series, pages, total) = (self.series, header.pages, header.total);
            return Err(Halt::Failed(format!(
                "{series} claims to have {pages} pages for {total} rows"
            )));
        }
        if header.page != number {
            let why = format!(
                "page {number} of {} was asked for, and page {} came",
                self.series, header.page
            );
            return Err(Halt::Failed(why));
        }
        match &self.first {
            None => self.first = Some(header.clone()),
            Some(first) if first.same_whole(&header) => {}
            Some(first) => {
                let why = format!(
                    "{} changed while it was read: {} on page 1, {} on page {number}",
                    self.series,
                    first.told(),
                    header.told()
                );
                return Err(Halt::Moved(why));
            }
        }
        self.rows += rows.len();
        if self.rows > header.total {
            let why = format!(
                "{} has {} rows by its own count, and more came",
                self.series, header.total
            );
            return Err(Halt::Failed(why));
        }
        for row in rows {
            self.row(row).map_err(Halt::Failed)?;
        }
        Ok(header)
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        let series = self.series;
        if !row.indicator.eq_ignore_ascii_case(series.as_str()) {
            let other: String = row.indicator.chars().take(60).collect();
            return Err(format!("{series} was asked for, and a row of {other} came"));
        }
        if self.fetched.name.is_empty() {
            self.fetched.name = row.name.chars().filter(|c| !c.is_control()).take(300).collect();
        }
        let known = (self.is_state)(&row.state).then(|| row.state.parse().ok()).flatten();
        let Some(state) = known else {
            let code: String = row.country.chars().take(8).collect();
            let key = if row.state.is_empty() { code } else { row.state };
            *self.fetched.left_out.entry(key).or_default() += 1;
            return Ok(());
        };
        let year = pages::year(&row.date).ok_or_else(|| {
            let date: String = row.date.chars().take(20).collect();
            format!("{series} has figures for “{date}”: only yearly series are read")
        })?;
        if !self.seen.insert((row.state, year)) {
            return Err(format!("{series} has two rows for {state} {year}"));
        }
        match row.value {
            Some(value) => self.fetched.figures.push(Figure { state, year, value }),
            None => self.fetched.blank += 1,
        }
        Ok(())
    }

    fn finish(mut self, header: &Header) -> Result<Fetched, Halt> {
        if self.rows != header.total {
            let (series, rows, total) = (self.series, self.rows, header.total);
            let why = format!("{series} has {total} rows by its own count, and {rows} came");
            return Err(Halt::Moved(why));
        }
        if self.fetched.figures.is_empty() {
            let why = format!("{} has no figure for any state", self.series);
            return Err(Halt::Failed(why));
        }
        self.fetched.last_updated = header.last_updated;
        self.fetched.pages = header.pages;
        Ok(self.fetched)
    }
}

/// The innermost reason, which is the plainest.
fn told(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
