//! SMTP with STARTTLS or TLS from the first byte, and what its failures mean.

use super::render::one_line;
use crate::config::{SmtpSettings, SmtpTls};
use crate::domain::reminders::{Failure, FailureKind};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::sync::{Mutex, PoisonError};

type Connections = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server and the connection that is kept open to it.
pub struct Smtp {
    settings: SmtpSettings,
    builder: AsyncSmtpTransportBuilder,
    /// Taken out while a message is on its way. One that was given up midway never comes back: the server may still be
    /// answering the last message on it.
    idle: Mutex<Option<Connections>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// Reads the certificate authority, where one is named. Nothing is connected yet.
    ///
    /// # Errors
    /// When the file or the host name cannot be used, in a sentence.
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, String> {
        let timeout = Some(settings.timeout);
        let mut builder = Connections::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(timeout);
        builder = builder.tls(match settings.tls {
            SmtpTls::StartTls => Tls::Required(tls(settings)?),
            SmtpTls::Implicit => Tls::Wrapper(tls(settings)?),
            SmtpTls::None => Tls::None,
        });
        if let Some(user) = &settings.user {
            let password = settings.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        let builder = builder.pool_config(PoolConfig::new().max_size(1));
        Ok(Self {
            settings: settings.clone(),
            builder,
            idle: Mutex::new(None),
        })
    }

    /// How long one message may take.
    pub(super) fn timeout(&self) -> std::time::Duration {
        self.settings.timeout
    }

    /// Hands one message to the server.
    pub(super) async fn send(&self, message: Message) -> Result<(), Failure> {
        let connections = self.take().unwrap_or_else(|| self.builder.clone().build());
        // lettre's own timeout does not cover a server that falls silent after the message.
        let answer = tokio::time::timeout(self.settings.timeout, connections.send(message.clone())).await;
        match answer {
            Ok(Ok(_)) => {
                self.put_back(connections);
                Ok(())
            }
            Ok(Err(error)) => {
                let failure = self.classify(&error, &message);
                if matches!(failure.kind, FailureKind::Refused | FailureKind::NotNow) {
                    self.put_back(connections);
                }
                Err(failure)
            }
            Err(_) => {
                let seconds = self.settings.timeout.as_secs();
                let why = format!(
                    "{} gave no answer within {seconds} seconds (mail.smtp.timeout_seconds)",
                    self.server()
                );
                Err(Failure::new(FailureKind::Unanswered, why))
            }
        }
    }

    /// Connects, signs in and says goodbye: for `servanda check`.
    pub(super) async fn probe(&self) -> Result<(), Failure> {
        let connections = self.builder.clone().build::<Tokio1Executor>();
        let answer = tokio::time::timeout(self.settings.timeout, connections.test_connection()).await;
        match answer {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(self.explain(&error)),
            Ok(Ok(false)) | Err(_) => Err(Failure::new(
                FailureKind::Service,
                format!("{} does not answer", self.server()),
            )),
        }
    }

    fn take(&self) -> Option<Connections> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put_back(&self, connections: Connections) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(connections);
    }

    fn server(&self) -> String {
        format!("the mail server {}:{}", self.settings.host, self.settings.port)
    }

    fn classify(&self, error: &Error, message: &Message) -> Failure {
        let foreign = message
            .envelope()
            .to()
            .iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        if error.is_client() && foreign {
            let why = format!("{} does not take addresses beyond ASCII (no SMTPUTF8)", self.server());
            return Failure::new(FailureKind::Refused, why);
        }
        self.explain(error)
    }

    fn explain(&self, error: &Error) -> Failure {
        let (server, said) = (self.server(), plainly(error));
        let sign_in = error.is_permanent() && (said.starts_with("53") || said.contains(" 5.7.8 "));
        let (kind, why) = if sign_in {
            let next = "Check mail.smtp.user and mail.smtp.password";
            (
                FailureKind::Service,
                format!("{server} refused to let us sign in: {said}. {next}"),
            )
        } else if error.is_permanent() {
            (FailureKind::Refused, format!("{server} refused the message: {said}"))
        } else if error.is_transient() {
            (FailureKind::NotNow, format!("{server} asks to try again later: {said}"))
        } else if said.contains("certificate") {
            let next = "Check mail.smtp.host, or name your certificate authority in mail.smtp.ca_file";
            (FailureKind::Service, format!("{server} is not trusted: {said}. {next}"))
        } else if error.is_tls() || error.is_client() {
            let next = "Check mail.smtp.tls, mail.smtp.user and mail.smtp.password";
            (
                FailureKind::Service,
                format!("{server} cannot be used as set: {said}. {next}"),
            )
        } else if error.to_string().starts_with("Connection error") {
            let next = "Check mail.smtp.host and mail.smtp.port, and that the server runs";
            (
                FailureKind::Service,
                format!("{server} cannot be reached: {said}. {next}"),
            )
        } else {
            (FailureKind::Unanswered, format!("{server} broke off: {said}"))
        };
        Failure::new(kind, why)
    }
}

/// What the library or the server said, in one line, without the library's own headings.
fn plainly(error: &Error) -> String {
    let said = one_line(&error.to_string());
    let mut rest = said.as_str();
    for heading in [
        "Connection error: ",
        "network error: ",
        "response error: ",
        "internal client error: ",
    ] {
        while let Some(after) = rest.strip_prefix(heading) {
            rest = after;
        }
    }
    let answer = rest.split_once("): ").map_or(rest, |(_, answer)| answer);
    error
        .status()
        .map_or_else(|| rest.to_owned(), |code| format!("{code} {answer}"))
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(file) = &settings.ca_file {
        let unusable = |cause: String| format!("mail.smtp.ca_file {}: {cause}", file.display());
        let pem = std::fs::read(file).map_err(|e| unusable(e.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|e| unusable(e.to_string()))?;
        builder = builder.add_root_certificate(authority);
    }
    builder
        .build()
        .map_err(|e| format!("mail.smtp.host {}: {e}", settings.host))
}
