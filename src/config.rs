//! Typed settings, read once and checked at start: built-in defaults ← `servanda.toml` ← `SERVANDA_*` ← flags.

mod files;
mod reading;
mod settings;

pub use files::{FilePlace, FileSettings, S3Settings};
pub use settings::{SETTINGS, Setting};

use chrono::Duration;
use reading::{YES_OR_NO, address_or_nothing, base_url, database_url, flatten, indicators, offsets};
use std::collections::BTreeMap;
use std::{fmt, net::SocketAddr, path::PathBuf};

/// A value that is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "Secret(none)"
        } else {
            "Secret(…)"
        })
    }
}

/// How a connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Plain at first, then upgraded; refused if the server cannot.
    StartTls,
    /// Encrypted from the first byte.
    Implicit,
    /// Not at all: only for a server on this machine.
    None,
}

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailTransport {
    /// `.eml` files in a folder.
    Directory(PathBuf),
    /// An SMTP server.
    Smtp(SmtpSettings),
}

/// How to reach the SMTP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Name of the server; its certificate must carry it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub tls: SmtpTls,
    /// User, where one is needed.
    pub user: Option<String>,
    /// Password of that user.
    pub password: Secret,
    /// A certificate authority of one's own.
    pub ca_file: Option<PathBuf>,
    /// How long one message may take.
    pub timeout: std::time::Duration,
}

/// When reminders go out and how often they are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderSettings {
    /// Days before (negative) and after a due date.
    pub offsets: Vec<i32>,
    /// Pause between two passes of the worker.
    pub every: std::time::Duration,
    /// How long a claimed row stays with its worker.
    pub lease: Duration,
    /// Tries before a row is dead.
    pub attempts: u32,
}

/// Whether and how the links of evidence are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSettings {
    /// Whether they are checked in the background.
    pub check: bool,
    /// Pause between two passes.
    pub every: std::time::Duration,
    /// The service that knows archived copies, or empty.
    pub archive_url: String,
    /// Whether links may lead into private networks.
    pub allow_private: bool,
}

/// Whether and how figures of the World Bank are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldBankSettings {
    /// Where its Indicators API is.
    pub url: String,
    /// Codes of the indicators that are kept up to date in the background.
    pub indicators: Vec<String>,
    /// A snapshot is renewed when it is so old.
    pub every: Duration,
}

/// All settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Address of the database.
    pub database_url: String,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// What links start with, without a slash at the end.
    pub base_url: String,
    /// Tracing filter.
    pub log: String,
    /// One JSON object a line instead of text.
    pub log_json: bool,
    /// Life of a session.
    pub session: Duration,
    /// Where messages go.
    pub mail: MailTransport,
    /// Sender of every message.
    pub mail_from: String,
    /// Largest file of bulk import, in bytes.
    pub largest_import: usize,
    /// Reminders.
    pub reminders: ReminderSettings,
    /// An obligation without news for so many years is stale.
    pub stale_years: u32,
    /// Links of evidence.
    pub links: LinkSettings,
    /// Figures of the World Bank.
    pub world_bank: WorldBankSettings,
    /// Uploaded files.
    pub files: FileSettings,
}

/// A setting that cannot be used: which, where it came from, why and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting {key} ({origin}): {why}")]
pub struct ConfigError {
    /// Its key.
    pub key: String,
    /// The file, variable or flag it came from.
    pub origin: String,
    /// What is wrong and what would be right.
    pub why: String,
}

/// The name of the environment variable of a setting.
#[must_use]
pub fn variable(key: &str) -> String {
    format!("SERVANDA_{}", key.to_uppercase().replace('.', "_"))
}

/// The values as collected, each with where it came from.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, String)>,
}

impl Layers {
    /// The built-in values.
    #[must_use]
    pub fn defaults() -> Self {
        let values = SETTINGS
            .iter()
            .map(|s| (s.key, (s.default.to_owned(), "built-in".to_owned())))
            .collect();
        Self { values }
    }

    /// Lays the text of a `servanda.toml` over what is there.
    ///
    /// # Errors
    /// When it is not TOML, or names a setting that does not exist.
    pub fn file(mut self, name: &str, text: &str) -> Result<Self, ConfigError> {
        let error = |key: &str, why: String| ConfigError {
            key: key.to_owned(),
            origin: name.to_owned(),
            why,
        };
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| error("(file)", e.to_string()))?;
        let mut flat = Vec::new();
        flatten("", &table, &mut flat);
        for (key, value) in flat {
            let Some(setting) = SETTINGS.iter().find(|s| s.key == key) else {
                let near = SETTINGS
                    .iter()
                    .max_by(|a, b| strsim::jaro_winkler(a.key, &key).total_cmp(&strsim::jaro_winkler(b.key, &key)));
                let hint = near.map_or("", |s| s.key);
                return Err(error(&key, format!("there is no such setting; did you mean {hint}?")));
            };
            self.values.insert(setting.key, (value, name.to_owned()));
        }
        Ok(self)
    }

    /// Lays environment variables over what is there.
    #[must_use]
    pub fn environment(mut self, lookup: impl Fn(&str) -> Option<String>) -> Self {
        for setting in SETTINGS {
            let name = variable(setting.key);
            if let Some(value) = lookup(&name) {
                self.values.insert(setting.key, (value, name));
            }
        }
        self
    }

    /// Lays one flag of the command line over what is there.
    #[must_use]
    pub fn flag(mut self, key: &'static str, flag: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.values.insert(key, (value.to_owned(), flag.to_owned()));
        }
        self
    }

    /// Whether a setting still has its built-in value.
    #[must_use]
    pub fn is_default(&self, key: &str) -> bool {
        self.values.get(key).is_none_or(|(_, origin)| origin == "built-in")
    }

    /// The settings, each checked.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn build(&self) -> Result<Config, ConfigError> {
        Ok(Config {
            database_url: self.checked("database_url", database_url)?,
            listen: self.parsed("listen", "an address and a port, such as 127.0.0.1:8080")?,
            base_url: self.checked("base_url", base_url)?,
            log: self.text("log").to_owned(),
            log_json: self.one_of("log_format", &[("text", false), ("json", true)])?,
            session: Duration::hours(self.parsed::<u16>("session_hours", "a whole number of hours")?.into()),
            mail: self.mail()?,
            mail_from: self.text("mail.from").to_owned(),
            stale_years: self.positive("desk.stale_years")?,
            largest_import: usize::try_from(self.positive("imports.megabytes")?)
                .unwrap_or(usize::MAX)
                .saturating_mul(1_000_000),
            reminders: ReminderSettings {
                offsets: self.checked("reminders.offsets", offsets)?,
                every: std::time::Duration::from_secs(self.positive("reminders.every_seconds")?.into()),
                lease: Duration::seconds(self.positive("reminders.lease_seconds")?.into()),
                attempts: self.positive("reminders.attempts")?,
            },
            links: LinkSettings {
                check: self.one_of("links.check", YES_OR_NO)?,
                every: std::time::Duration::from_secs(self.positive("links.every_seconds")?.into()),
                archive_url: self.checked("links.archive_url", address_or_nothing)?,
                allow_private: self.one_of("links.allow_private", YES_OR_NO)?,
            },
            world_bank: WorldBankSettings {
                url: self.checked("world_bank.url", base_url)?,
                indicators: self.checked("world_bank.indicators", indicators)?,
                every: Duration::hours(self.positive("world_bank.every_hours")?.into()),
            },
            files: self.files()?,
        })
    }

    fn mail(&self) -> Result<MailTransport, ConfigError> {
        if !self.one_of("mail.transport", &[("directory", false), ("smtp", true)])? {
            return Ok(MailTransport::Directory(PathBuf::from(self.text("mail.directory"))));
        }
        let tls = [
            ("starttls", SmtpTls::StartTls),
            ("implicit", SmtpTls::Implicit),
            ("none", SmtpTls::None),
        ];
        let tls = self.one_of("mail.smtp.tls", &tls)?;
        let host = self.text("mail.smtp.host").to_owned();
        if tls == SmtpTls::None && !["localhost", "127.0.0.1", "::1"].contains(&host.as_str()) {
            let why = "messages would cross the network unprotected; use starttls or implicit".to_owned();
            return Err(self.error("mail.smtp.tls", why));
        }
        let some = |key: &'static str| Some(self.text(key)).filter(|text| !text.is_empty());
        Ok(MailTransport::Smtp(SmtpSettings {
            host,
            port: self.parsed("mail.smtp.port", "a port number")?,
            tls,
            user: some("mail.smtp.user").map(str::to_owned),
            password: Secret(self.text("mail.smtp.password").to_owned()),
            ca_file: some("mail.smtp.ca_file").map(PathBuf::from),
            timeout: std::time::Duration::from_secs(self.positive("mail.smtp.timeout_seconds")?.into()),
        }))
    }

    fn text(&self, key: &'static str) -> &str {
        self.values.get(key).map_or("", |(value, _)| value.as_str())
    }

    fn error(&self, key: &'static str, why: String) -> ConfigError {
        let origin = self.values.get(key).map_or("missing", |(_, origin)| origin.as_str());
        ConfigError {
            key: key.to_owned(),
            origin: origin.to_owned(),
            why,
        }
    }

    fn checked<T>(&self, key: &'static str, check: fn(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        check(self.text(key)).map_err(|why| self.error(key, why))
    }

    fn parsed<T: std::str::FromStr>(&self, key: &'static str, expected: &str) -> Result<T, ConfigError> {
        let text = self.text(key);
        text.trim()
            .parse()
            .map_err(|_| self.error(key, format!("“{text}” is not {expected}")))
    }

    fn positive(&self, key: &'static str) -> Result<u32, ConfigError> {
        match self.parsed(key, "a whole number above 0")? {
            0 => Err(self.error(key, "must be above 0".to_owned())),
            number => Ok(number),
        }
    }

    fn one_of<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let text = self.text(key);
        let names = || choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| self.error(key, format!("“{text}” is not one of: {}", names())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_layers_win_and_errors_name_their_origin() {
        let layers = Layers::defaults()
            .file(
                "servanda.toml",
                "listen = \"127.0.0.1:1\"\n[mail]\ntransport = \"smtp\"\n[reminders]\noffsets = [-7, 1]",
            )
            .expect("valid")
            .environment(|name| (name == "SERVANDA_LISTEN").then(|| "127.0.0.1:2".to_owned()))
            .flag("listen", "--listen", Some("127.0.0.1:3"));
        let config = layers.build().expect("valid");
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.reminders.offsets, [-7, 1]);
        assert!(matches!(config.mail, MailTransport::Smtp(_)));

        let wrong = Layers::defaults().environment(|name| (name == "SERVANDA_LISTEN").then(|| "here".to_owned()));
        let error = wrong.build().expect_err("not an address").to_string();
        assert!(
            error.contains("SERVANDA_LISTEN") && error.contains("127.0.0.1:8080"),
            "{error}"
        );
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named_with_its_neighbour() {
        let error = Layers::defaults()
            .file("servanda.toml", "[mail.smtp]\nhots = \"x\"")
            .expect_err("no such setting");
        assert!(error.to_string().contains("did you mean mail.smtp.host?"), "{error}");
    }

    #[test]
    fn a_password_is_not_printed() {
        let layers = Layers::defaults()
            .flag("mail.smtp.password", "test", Some("hunter2"))
            .flag("mail.transport", "test", Some("smtp"));
        let config = layers.build().expect("valid");
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
