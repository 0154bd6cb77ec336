//! One link, asked with care: limits on time and size, redirects followed by hand and checked at each hop, no address
//! inside a private network, no proxy, no cookies.

mod archive;
mod page;
mod reach;

pub use archive::Archived;
pub use reach::Reach;

use crate::domain::links::{Found, Obstacle, Outcome};
use chrono::DateTime;
pub use page::{Page, read as read_page};
use reach::{Forbidden, Vetted};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LAST_MODIFIED, LOCATION};
use reqwest::{Client, Response, Url, redirect};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How much one link may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up to the last byte, all redirects included.
    pub time: Duration,
    /// Bytes read, unpacked.
    pub bytes: usize,
    /// Redirects followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            bytes: 2 * 1024 * 1024,
            redirects: 5,
        }
    }
}

/// Asks for links.
#[derive(Debug, Clone)]
pub struct Links {
    client: Client,
    reach: Reach,
    limits: Limits,
    archive: String,
}

impl Links {
    /// Asks as far as `reach` allows; `archive` is the service that knows archived copies, or empty.
    ///
    /// # Errors
    /// When this machine offers no way to check certificates.
    pub fn new(reach: Reach, limits: Limits, archive: &str) -> Result<Self, String> {
        // Ignored: the only failure is that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(limits.time)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(Vetted(reach)))
            .user_agent(concat!(
                "servanda/",
                env!("CARGO_PKG_VERSION"),
                " (checks links of evidence)"
            ))
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self {
            client,
            reach,
            limits,
            archive: archive.to_owned(),
        })
    }

    /// What is at that link.
    pub async fn ask(&self, link: &str) -> Outcome {
        let asked = tokio::time::timeout(self.limits.time, self.follow(link)).await;
        asked.unwrap_or_else(|_| Outcome::Unreachable(Obstacle::Network, self.too_slow()))
    }

    /// Whether the archive has a copy of the page at that link.
    pub async fn archived(&self, link: &str) -> Archived {
        if self.archive.is_empty() {
            return Archived::Silent;
        }
        archive::look_up(&self.archive, link).await
    }

    fn too_slow(&self) -> String {
        format!("no whole answer within {} seconds", self.limits.time.as_secs_f32())
    }

    async fn follow(&self, link: &str) -> Outcome {
        let Ok(first) = Url::parse(link.trim()) else {
            return Outcome::Refused("the address cannot be read".to_owned());
        };
        let (mut url, mut moved) = (first.clone(), true);
        for _ in 0..=self.limits.redirects {
            if let Err(Forbidden(why)) = self.reach.check(&url) {
                return Outcome::Refused(led(&first, &url, &why));
            }
            let request = self
                .client
                .get(url.clone())
                .header(ACCEPT, "text/html, application/pdf;q=0.9, */*;q=0.8");
            let response = match request.send().await {
                Ok(response) => response,
                Err(error) => return self.failed(&first, &url, &error),
            };
            match next(&url, &response) {
                Some(Ok(to)) => {
                    // Only a chain of permanent redirects says that the page has moved for good.
                    moved &= matches!(response.status().as_u16(), 301 | 308);
                    url = to;
                }
                Some(Err(why)) => return Outcome::Unreachable(Obstacle::Server, why),
                None => return self.arrived(&first, url, moved, response).await,
            }
        }
        let why = format!("it leads on more than {} times", self.limits.redirects);
        Outcome::Refused(why)
    }

    async fn arrived(&self, first: &Url, url: Url, moved: bool, response: Response) -> Outcome {
        let status = response.status().as_u16();
        match status {
            200..=299 => {}
            404 | 410 => return Outcome::Dead(status),
            401..=403 | 407 | 429 | 451 => {
                let why = format!("the server answers {status}: it does not let programs in");
                return Outcome::Unreachable(Obstacle::Closed, why);
            }
            _ => return Outcome::Unreachable(Obstacle::Server, format!("the server answers {status}")),
        }
        let headers = response.headers().clone();
        let (bytes, is_cut) = match self.body(response).await {
            Ok(read) => read,
            Err(error) => return self.failed(first, &url, &error),
        };
        let found = found(status, &headers, bytes, is_cut).await;
        if moved && !same_page(first, &url) {
            Outcome::Moved { to: url.into(), found }
        } else {
            Outcome::Alive(found)
        }
    }

    /// The beginning of the answer, unpacked, and whether there was more.
    async fn body(&self, mut response: Response) -> Result<(Vec<u8>, bool), reqwest::Error> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            let room = self.limits.bytes - bytes.len();
            if chunk.len() > room {
                bytes.extend_from_slice(chunk.get(..room).unwrap_or_default());
                return Ok((bytes, true));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes, false))
    }

    fn failed(&self, first: &Url, url: &Url, error: &reqwest::Error) -> Outcome {
        if let Some(Forbidden(why)) = cause::<Forbidden>(error) {
            return Outcome::Refused(led(first, url, why));
        }
        let host = url.host_str().unwrap_or_default();
        let why = match () {
            () if error.is_timeout() => self.too_slow(),
            () if error.is_dns() => format!("the name {host} is not known"),
            () if cause::<rustls::Error>(error).is_some() => format!("no secure connection to {host}: {}", told(error)),
            () if error.is_connect() => format!("nothing answers at {host}"),
            () => format!("the answer of {host} broke off: {}", told(error)),
        };
        Outcome::Unreachable(Obstacle::Network, why)
    }
}

/// Where an answer leads on to, if it does.
fn next(url: &Url, response: &Response) -> Option<Result<Url, String>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let to = response.headers().get(LOCATION)?.to_str().ok();
    let to = to.and_then(|to| url.join(to).ok());
    Some(to.ok_or_else(|| "it leads on to an address that cannot be read".to_owned()))
}

/// Whether only the lock, the last stroke or the place on the page differ.
fn same_page(one: &Url, other: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    one.host_str() == other.host_str() && path(one) == path(other) && one.query() == other.query()
}

/// Names the hop where it was not the link itself.
fn led(first: &Url, url: &Url, why: &str) -> String {
    if first == url {
        why.to_owned()
    } else {
        format!("it leads on to an address that is not asked: {why}")
    }
}

async fn found(http_status: u16, headers: &HeaderMap, bytes: Vec<u8>, is_cut: bool) -> Found {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let content_type = text(CONTENT_TYPE).map(|kind| kind.chars().take(120).collect::<String>());
    let modified = text(LAST_MODIFIED).and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let (length, sha256) = (bytes.len() as u64, hex(&bytes));
    let page = match content_type.as_deref().and_then(html) {
        // Away from the threads that answer others.
        Some(charset) => tokio::task::spawn_blocking(move || page::read(&bytes, charset.as_deref()))
            .await
            .ok(),
        None => None,
    };
    let Page { title, published, text } = page.clone().unwrap_or_default();
    Found {
        http_status,
        content_type,
        length,
        is_cut,
        sha256,
        title,
        published: published.or_else(|| page::date(&modified?.date_naive().to_string())),
        text: page.map(|_| text),
    }
}

/// For HTML: the charset, where one is named.
fn html(content_type: &str) -> Option<Option<String>> {
    let lower = content_type.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let is_html = ["text/html", "application/xhtml+xml"].contains(&parts.next()?);
    let charset = parts.find_map(|part| Some(part.strip_prefix("charset=")?.trim_matches('"').to_owned()));
    is_html.then_some(charset)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first cause of that type, also inside errors of input and output.
fn cause<'e, E: Error + 'static>(error: &'e reqwest::Error) -> Option<&'e E> {
    let mut current: Option<&'e (dyn Error + 'static)> = Some(error);
    while let Some(error) = current {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        current = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The innermost reason, which is the plainest.
fn told(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
