//! An archived copy of a page, asked of the Wayback Machine's availability service or one that answers like it.

use crate::domain::evidence::check_link;
use crate::sources::http;
use reqwest::Url;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    archived_snapshots: Snapshots,
}

#[derive(Debug, Default, Deserialize)]
struct Snapshots {
    closest: Option<Snapshot>,
}

#[derive(Debug, Deserialize)]
struct Snapshot {
    #[serde(default)]
    available: bool,
    url: String,
}

/// What an archive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Archived {
    /// It has a copy at that address.
    Copy(String),
    /// It has none.
    None,
    /// It does not answer, or there is none to ask: no copy is known.
    Silent,
}

/// Asks the service at `service` for a copy of `link`.
pub(super) async fn look_up(service: &str, link: &str) -> Archived {
    let Ok(mut url) = Url::parse(service) else {
        return Archived::Silent;
    };
    url.query_pairs_mut().append_pair("url", link);
    match http::get(url.as_str()).await {
        Ok(answer) if answer.status < 500 => copy(&answer.text).map_or(Archived::None, Archived::Copy),
        _ => Archived::Silent,
    }
}

fn copy(text: &str) -> Option<String> {
    let answer: Answer = serde_json::from_str(text).ok()?;
    let found = answer.archived_snapshots.closest.filter(|one| one.available)?.url;
    let found = match found.strip_prefix("http://web.archive.org/") {
        Some(rest) => format!("https://web.archive.org/{rest}"),
        None => found,
    };
    (!found.is_empty() && found.len() <= 2_000 && check_link(&found).is_ok()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_read_and_anything_else_is_none() {
        let text = r#"{"url":"x","archived_snapshots":{"closest":{"status":"200","available":true,
            "url":"http://web.archive.org/web/20200101000000/https://example.org/a","timestamp":"20200101000000"}}}"#;
        let address = "https://web.archive.org/web/20200101000000/https://example.org/a";
        assert_eq!(copy(text).as_deref(), Some(address));
        for none in [
            r#"{"url":"x","archived_snapshots":{}}"#,
            r#"{"archived_snapshots":{"closest":{"available":false,"url":"https://a"}}}"#,
            r#"{"archived_snapshots":{"closest":{"available":true,"url":"javascript:alert(1)"}}}"#,
            "{}",
            "<html>",
            "",
        ] {
            assert_eq!(copy(none), None, "{none}");
        }
    }
}
