//! One way of asking: with limits on time and size, and no redirect to somewhere else.

use reqwest::redirect::Policy;
use std::time::Duration;

/// The longest a question may take.
const LONGEST: Duration = Duration::from_secs(10);
/// The largest answer that is read.
const LARGEST: usize = 1024 * 1024;

/// An answer: its status and the beginning of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// The text, cut at [`LARGEST`] bytes.
    pub(super) text: String,
}

/// Asks for an address.
pub(super) async fn get(url: &str) -> Result<Answer, String> {
    let client = reqwest::Client::builder()
        .timeout(LONGEST)
        .redirect(Policy::none())
        .user_agent(concat!("servanda/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| error.to_string())?;
    let mut response = client.get(url).send().await.map_err(|error| plain(&error))?;
    let (status, mut bytes) = (response.status().as_u16(), Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(|error| plain(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= LARGEST {
            bytes.truncate(LARGEST);
            break;
        }
    }
    Ok(Answer {
        status,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

fn plain(error: &reqwest::Error) -> String {
    match () {
        () if error.is_timeout() => format!("no answer within {} seconds", LONGEST.as_secs()),
        () if error.is_connect() => "nothing answers there".to_owned(),
        () => error.to_string(),
    }
}
