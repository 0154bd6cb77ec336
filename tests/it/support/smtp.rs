//! The mail server of the run: how to reach it, and what it received.

use super::office::settings;
use serde_json::Value;
use servanda::config::Config;
use std::path::PathBuf;

/// The server that `SERVANDA_TEST_SMTP` describes.
pub struct SmtpServer {
    info: Value,
}

impl SmtpServer {
    pub fn of_this_run() -> Self {
        let file = std::env::var("SERVANDA_TEST_SMTP")
            .expect("SERVANDA_TEST_SMTP names no server; start the tests with tests/run");
        let text = std::fs::read_to_string(file).expect("the description of the mail server is there");
        Self {
            info: serde_json::from_str(&text).expect("it is JSON"),
        }
    }

    fn text(&self, key: &str) -> &str {
        self.info[key].as_str().expect("a text in the description")
    }

    /// Settings that reach it, then those changes.
    pub fn settings(&self, tls: &str, changes: &[(&'static str, &str)]) -> Config {
        let values = self.values(tls);
        let mut all: Vec<(&'static str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        all.extend_from_slice(changes);
        settings(&all)
    }

    fn values(&self, tls: &str) -> Vec<(&'static str, String)> {
        let port = if tls == "implicit" { "tls_port" } else { "starttls_port" };
        let text = |key: &str| self.text(key).to_owned();
        vec![
            ("mail.transport", "smtp".to_owned()),
            ("mail.from", "Servanda des Nations <servanda@example.org>".to_owned()),
            ("mail.smtp.host", text("host")),
            ("mail.smtp.port", self.info[port].to_string()),
            ("mail.smtp.tls", tls.to_owned()),
            ("mail.smtp.user", text("user")),
            ("mail.smtp.password", text("password")),
            ("mail.smtp.ca_file", text("ca_file")),
        ]
    }

    /// Environment variables for a program that is to reach it.
    pub fn environment(&self, tls: &str) -> Vec<(String, String)> {
        let values = self.values(tls);
        values
            .into_iter()
            .map(|(key, value)| (servanda::config::variable(key), value))
            .collect()
    }

    /// Envelope and message of everything that reached that address, in order.
    pub fn received(&self, address: &str) -> Vec<(Value, Vec<u8>)> {
        let folder = PathBuf::from(self.text("mail_dir"));
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&folder).expect("the mail directory") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.ends_with(".json") || name.starts_with('.') {
                continue;
            }
            let envelope: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let is_theirs = envelope["to"].as_array().unwrap().iter().any(|to| to == address);
            if is_theirs {
                let message = std::fs::read(folder.join(envelope["file"].as_str().unwrap())).unwrap();
                found.push((envelope, message));
            }
        }
        found.sort_by_key(|(envelope, _)| envelope["order"].as_u64());
        found
    }

    /// How often the server answered an attempt to reach that address, as it saw it.
    pub fn attempts(&self, address: &str) -> usize {
        let file = PathBuf::from(self.text("mail_dir")).join("attempts.jsonl");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .filter(|line| line["event"] == "rcpt" && line["to"][0] == address)
            .count()
    }
}
