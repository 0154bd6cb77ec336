//! The one way out: a typed message goes in, and out by SMTP, into a folder, or into memory.

use super::compose::{Envelope, compose};
use super::memory::{MemoryMailbox, StoredMail};
use super::render::{ReminderMail, Rendered, Renderer};
use super::smtp::Smtp;
use super::words::{Words, WordsError};
use super::{directory, smtp};
use crate::config::{Config, MailTransport};
use crate::domain::reference::Reference;
use crate::domain::reminders::{Failure, FailureKind};
use crate::templates::{TemplateError, Templates};
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::Mailbox;
use std::path::PathBuf;

/// How messages leave.
#[derive(Debug)]
pub enum Transport {
    /// By a mail server.
    Smtp(Box<smtp::Smtp>),
    /// Into a folder, as `.eml` files.
    Directory(PathBuf),
    /// Into memory.
    Memory(MemoryMailbox),
}

/// Mail that cannot be set up: which setting, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A setting.
    #[error("mail cannot be sent with these settings: {0}")]
    Settings(String),
    /// The words.
    #[error(transparent)]
    Words(#[from] WordsError),
}

/// Sends typed messages. Make and drop it inside the tokio runtime: it keeps a connection open.
#[derive(Debug)]
pub struct Mailer {
    transport: Transport,
    from: Mailbox,
    renderer: Renderer,
    host: String,
}

impl Mailer {
    /// The mailer that the settings ask for.
    ///
    /// # Errors
    /// When the sender's address or the settings of the server cannot be used.
    pub fn new(config: &Config, templates: Templates) -> Result<Self, MailError> {
        let transport = match &config.mail {
            MailTransport::Directory(folder) => Transport::Directory(folder.clone()),
            MailTransport::Smtp(settings) => {
                Transport::Smtp(Box::new(Smtp::new(settings).map_err(MailError::Settings)?))
            }
        };
        Self::with_transport(transport, config, templates)
    }

    /// A mailer with another way out than the settings say.
    ///
    /// # Errors
    /// When the sender's address cannot be used.
    pub fn with_transport(transport: Transport, config: &Config, templates: Templates) -> Result<Self, MailError> {
        let sender = &config.mail_from;
        let from = sender
            .parse()
            .map_err(|e| MailError::Settings(format!("mail.from “{sender}”: {e}")))?;
        let renderer = Renderer {
            templates,
            words: Words::load()?,
            base_url: config.base_url.clone(),
        };
        Ok(Self {
            transport,
            from,
            renderer,
            host: host(&config.base_url).to_owned(),
        })
    }

    /// What Message-IDs end with: the host of the address that readers use.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How long one message may take, where there is a server that may not answer.
    #[must_use]
    pub fn longest_wait(&self) -> Option<std::time::Duration> {
        match &self.transport {
            Transport::Smtp(server) => Some(server.timeout()),
            Transport::Directory(_) | Transport::Memory(_) => None,
        }
    }

    /// The message as it would be sent, without sending it. States and instruments are called as `names` calls them.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn render(&self, mail: &ReminderMail, names: &Reference) -> Result<Rendered, TemplateError> {
        self.renderer.reminder(mail, names)
    }

    /// Sends one reminder.
    ///
    /// # Errors
    /// The failure says whether there should be another attempt.
    pub async fn send(&self, mail: &ReminderMail, names: &Reference, now: DateTime<Utc>) -> Result<(), Failure> {
        // A template that cannot be rendered is our fault and mended by an update: the message is kept for it.
        let content = self
            .render(mail, names)
            .map_err(|e| Failure::new(FailureKind::Service, e.to_string()))?;
        let envelope = Envelope {
            from: &self.from,
            to: (&mail.to.name, mail.to.email.as_str()),
            message_id: &mail.message_id,
            date: now,
        };
        let message = compose(&envelope, content).map_err(|e| Failure::new(FailureKind::Refused, e.to_string()))?;
        self.deliver(mail, message).await
    }

    /// Whether the way out is open: signs in to the server, or writes to the folder.
    ///
    /// # Errors
    /// What is wrong and what to do next.
    pub async fn probe(&self) -> Result<(), Failure> {
        match &self.transport {
            Transport::Smtp(server) => server.probe().await,
            Transport::Directory(folder) => directory::probe(folder).await,
            Transport::Memory(_) => Ok(()),
        }
    }

    async fn deliver(&self, mail: &ReminderMail, message: Message) -> Result<(), Failure> {
        match &self.transport {
            Transport::Smtp(server) => server.send(message).await,
            Transport::Directory(folder) => directory::write(folder, &mail.message_id, &message.formatted()).await,
            Transport::Memory(mailbox) => {
                let to = mail.to.email.to_string();
                let stored = StoredMail {
                    to,
                    message_id: mail.message_id.clone(),
                    bytes: message.formatted(),
                };
                mailbox.deliver(stored).await
            }
        }
    }
}

/// `https://servanda.example:8443/x` → `servanda.example`.
fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_ends_the_message_ids() {
        assert_eq!(host("https://servanda.example"), "servanda.example");
        assert_eq!(host("http://127.0.0.1:8080"), "127.0.0.1");
        assert_eq!(host("http://[::1]:8080/base"), "[::1]");
        assert_eq!(host("http://[::1]"), "[::1]");
    }
}
