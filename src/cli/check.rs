//! `servanda check`: settings, database, mail and data; what is wrong and how to mend it.

use super::output::say;
use super::{Failure, built};
use crate::actions::import::check_shipped;
use crate::actions::{remedies, signals};
use crate::clock::Clock;
use crate::config::{Config, Layers, MailTransport};
use crate::files::Vault;
use crate::mail::Mailer;
use crate::sources::servers::{self, Health};
use crate::store::{Db, audit, library, without_password};
use crate::templates::Templates;
use clap::Args;

/// `servanda check`
#[derive(Debug, Args)]
pub struct Check {}

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    result: Result<String, String>,
}

impl Check {
    /// Looks at everything and says what it found; exit code 1 if something is wrong.
    ///
    /// # Errors
    /// When something is wrong.
    pub async fn run(self, layers: Layers, _clock: Clock) -> Result<(), Failure> {
        let config = built(&layers)?;
        let findings = [
            Finding {
                what: "settings",
                result: Ok(format!("read; the server would listen on {}", config.listen)),
            },
            Finding {
                what: "data",
                result: check_shipped()
                    .map(|()| "the shipped data are whole".to_owned())
                    .map_err(|e| e.to_string()),
            },
            Finding {
                what: "causes",
                result: causes(),
            },
            Finding {
                what: "database",
                result: database(&config).await,
            },
            Finding {
                what: "mail",
                result: mail(&config).await,
            },
            Finding {
                what: "files",
                result: files(&config).await,
            },
            Finding {
                what: "server",
                result: server(&config).await,
            },
        ];
        let mut wrong = 0;
        for finding in findings {
            match finding.result {
                Ok(text) => say(&format!("ok       {:9} {text}", finding.what))?,
                Err(text) => {
                    wrong += 1;
                    say(&format!("MEND     {:9} {text}", finding.what))?;
                }
            }
        }
        if wrong == 0 {
            Ok(())
        } else {
            Err(Failure::Other(format!("{wrong} thing(s) to mend")))
        }
    }
}

/// The signals of causes, and what would unblock gaps.
fn causes() -> Result<String, String> {
    let signals = signals::shipped().map_err(|wrong| wrong.join("\n         "))?;
    remedies::shipped().map_err(|wrong| wrong.join("\n         "))?;
    Ok(format!(
        "{} signals, and a remedy for every cause",
        signals.signals().len()
    ))
}

async fn database(config: &Config) -> Result<String, String> {
    let url = without_password(&config.database_url);
    let db = Db::existing(&config.database_url).await.map_err(|error| {
        format!("{error}. If it was never made: `servanda migrate`, then `servanda import fixtures`")
    })?;
    db.ping().await.map_err(|error| error.to_string())?;
    let shelf = library::load_once(&db).await.map_err(|error| error.to_string())?;
    let (states, instruments) = (shelf.reference.states().count(), shelf.reference.instruments().len());
    if instruments == 0 {
        return Err(format!(
            "{url} answers but holds no data yet: run `servanda import fixtures`"
        ));
    }
    match audit::verify(&db).await.map_err(|error| error.to_string())? {
        Ok(verified) => Ok(format!("{url}: {states} states, {instruments} instruments, {verified}")),
        Err(why) => Err(format!("the audit trail is broken: {why}")),
    }
}

async fn files(config: &Config) -> Result<String, String> {
    let vault = Vault::new(&config.files);
    let mend = "Set files.folder to a folder that can be written, or mend files.s3";
    match vault.probe().await {
        Ok(()) => Ok(format!("uploaded files are kept in {}", vault.whereabouts())),
        Err(error) => Err(format!(
            "{} cannot be used: {}. {mend}",
            vault.whereabouts(),
            error.cause()
        )),
    }
}

/// A server that does not run is no fault; one that runs and is not ready is.
async fn server(config: &Config) -> Result<String, String> {
    match servers::health(&config.base_url).await {
        Health::Ready => Ok(format!("one runs at {} and is ready", config.base_url)),
        Health::Silent(why) => Ok(format!(
            "none runs at {} ({why}); `servanda serve` starts one",
            config.base_url
        )),
        Health::NotReady(why) => Err(format!("the one at {} is not ready: {why}", config.base_url)),
    }
}

async fn mail(config: &Config) -> Result<String, String> {
    match &config.mail {
        MailTransport::Directory(folder) => {
            let probe = folder.join(".servanda-check");
            let written = std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&probe, b""))
                .and_then(|()| std::fs::remove_file(&probe));
            match written {
                Ok(()) => Ok(format!("messages are written as .eml files into {}", folder.display())),
                Err(error) => Err(format!(
                    "{} cannot be written: {error}. Set mail.directory to a folder that can",
                    folder.display()
                )),
            }
        }
        MailTransport::Smtp(_) => probe(config).await,
    }
}

async fn probe(config: &Config) -> Result<String, String> {
    let templates = Templates::load().map_err(|error| error.to_string())?;
    let mailer = Mailer::new(config, templates).map_err(|error| error.to_string())?;
    mailer
        .probe()
        .await
        .map(|()| "the SMTP server answers and lets us in".to_owned())
        .map_err(|error| error.to_string())
}
