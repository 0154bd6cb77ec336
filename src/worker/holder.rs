//! Who holds a lease: this process, so that another on the same machine can tell at once that it has died. Elsewhere the
//! lease simply ends.

use std::fmt;
use uuid::Uuid;

/// A process that holds rows: the machine's boot and process namespace, the process and when it started, and a number of
/// its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(String);

/// What `/proc` says of one process.
#[derive(Debug, PartialEq, Eq)]
struct Trace<'a> {
    /// Which boot of which machine, which process namespace.
    place: &'a str,
    process: &'a str,
    started: &'a str,
}

impl Holder {
    /// This process.
    #[must_use]
    pub fn this_process() -> Self {
        let process = std::process::id();
        let place = place().unwrap_or_else(|| "elsewhere".to_owned());
        let started = started(&process.to_string()).unwrap_or_default();
        Self(format!("{place}|{process}|{started}|{}", Uuid::now_v7().simple()))
    }

    /// As it stands in the ledger.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether another holder is certainly dead: it ran under the same boot and process namespace, and no process of its
    /// number and start runs there now. What cannot be known is taken for alive.
    #[must_use]
    pub fn knows_dead(&self, other: &str) -> bool {
        let (Some(here), Some(there)) = (trace(&self.0), trace(other)) else {
            return false;
        };
        if here.place != there.place || here.place == "elsewhere" || there.started.is_empty() {
            return false;
        }
        started(there.process).as_deref() != Some(there.started)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn trace(holder: &str) -> Option<Trace<'_>> {
    let mut parts = holder.split('|');
    Some(Trace {
        place: parts.next()?,
        process: parts.next()?,
        started: parts.next()?,
    })
}

/// The boot and the process namespace. Process numbers mean the same only where both are the same.
fn place() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

/// When a process started, in ticks since boot: the 22nd field of its `stat`, counted behind the name in brackets.
fn started(process: &str) -> Option<String> {
    let number: u32 = process.parse().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    // A zombie sends nothing any more.
    let state = fields.next()?;
    (state != "Z").then(|| fields.nth(18).map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_and_one_elsewhere_are_not_taken_for_dead() {
        let one = Holder::this_process();
        let other = Holder::this_process();
        assert_ne!(one, other);
        assert!(!one.knows_dead(other.as_str()));
        assert!(!one.knows_dead("another boot pid:[1]|1|5|x"));
        assert!(!one.knows_dead("nonsense"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_has_ended_is_known_to_be_dead() {
        let here = Holder::this_process();
        let mut parts: Vec<&str> = here.as_str().split('|').collect();
        parts[1] = "4194304"; // beyond the largest process number
        assert!(here.knows_dead(&parts.join("|")));
        let mut parts: Vec<&str> = here.as_str().split('|').collect();
        parts[2] = "1"; // the same number, started at another time
        assert!(here.knows_dead(&parts.join("|")));
    }
}
