//! Who did what, when and why, as a chain: each event's hash covers the one before it, so that a changed, removed or
//! inserted event breaks the chain from there on.

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

/// The hash before the first event.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: an account's e-mail address, `import`, `worker` or `cli`.
    pub actor: String,
    /// What, such as `evidence.add`.
    pub action: String,
    /// On what, such as `MEX/ICRMW-16.4`.
    pub subject: String,
    /// Why, where a person decides.
    pub reason: Option<String>,
    /// The details as JSON text.
    pub detail: String,
}

impl AuditEvent {
    /// SHA-256 in hexadecimal over the previous hash and every field, each preceded by its length so that no two
    /// different events can read the same.
    #[must_use]
    pub fn hash(&self, previous: &str) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let seq = self.seq.to_string();
        let reason = self.reason.as_deref().unwrap_or("");
        let mut hasher = Sha256::new();
        for part in [
            previous,
            &seq,
            &at,
            &self.actor,
            &self.action,
            &self.subject,
            reason,
            &self.detail,
        ] {
            hasher.update(part.len().to_string());
            hasher.update(":");
            hasher.update(part);
        }
        hex(&hasher.finalize())
    }
}

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Texts put together so that no two different lists read the same: each preceded by its length.
#[must_use]
pub fn sealed(parts: &[String]) -> String {
    use std::fmt::Write as _;
    parts.iter().fold(String::new(), |mut text, part| {
        let _ = write!(text, "{}:{part}", part.len());
        text
    })
}

/// SHA-256 of a text in hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}
