//! The server with its worker, the worker alone, and one pass of it.

use super::output::{answer, complain, say, start_logging};
use super::{Failure, Format, close, demo};
use crate::app::{App, Opening};
use crate::clock::Clock;
use crate::config::Layers;
use crate::files::Vault;
use crate::web;
use crate::worker;
use chrono::{DateTime, Utc};
use clap::Args;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// `servanda serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Fill servanda-demo.db with the shipped data and three accounts to look around with
    #[arg(long)]
    demo: bool,
    /// Address and port, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl Serve {
    /// Serves until told to stop.
    ///
    /// # Errors
    /// When a setting, the database, mail or the port cannot be used.
    pub async fn run(self, layers: Layers, clock: Clock) -> Result<(), Failure> {
        let mut layers = layers.flag("listen", "--listen", self.listen.as_deref());
        if self.demo && layers.is_default("database_url") {
            layers = layers.flag("database_url", "--demo", Some(demo::DATABASE));
            if layers.is_default("files.folder") {
                layers = layers.flag("files.folder", "--demo", Some(demo::FILES));
            }
        }
        if layers.is_default("base_url") && !layers.is_default("listen") {
            let address = layers.build()?.listen;
            layers = layers.flag("base_url", "listen", Some(&format!("http://{address}")));
        }
        let config = layers.build()?;
        start_logging(&config, true)?;
        if self.demo && !config.listen.ip().is_loopback() {
            let why = format!(
                "the demo's passwords are public, so it listens on this machine only, not on {}",
                config.listen
            );
            return Err(Failure::Request(why));
        }
        // The port first: a second start must not touch anything before it learns that it is the second.
        let listener = TcpListener::bind(config.listen).await.map_err(|error| {
            let next = format!(
                "another program may use it; choose another with --listen {}:0",
                config.listen.ip()
            );
            Failure::Other(format!("{} cannot be listened on: {error}; {next}", config.listen))
        })?;
        let app = App::open(config, clock, Opening::Create).await?;
        let db = app.db.clone();
        let served = async {
            if self.demo {
                demo::fill(&app).await?;
            }
            serve(app, listener, self.demo).await
        };
        let served = served.await;
        close(db).await;
        served
    }
}

async fn serve(app: App, listener: TcpListener, is_demo: bool) -> Result<(), Failure> {
    let other = |error: String| Failure::Other(error);
    let templates = app.templates().map_err(|error| other(error.to_string()))?;
    let worker = app
        .worker(templates.clone(), "worker")
        .map_err(|error| Failure::Request(error.to_string()))?;
    let site = web::AppState::new(
        app.db.clone(),
        Arc::clone(&app.library),
        app.clock.clone(),
        Arc::clone(&app.config),
        templates,
    );
    let router = web::router(&site);
    let (address, asked) = (listener.local_addr()?, asked_to_stop()?);
    say(&format!("Servanda is ready: http://{address}"))?;
    if is_demo {
        say(&demo::told())?;
    }
    tokio::spawn(sweep(site.vault.clone(), app.clock.now()));
    let (stop, stopped) = watch::channel(false);
    let links = check_links(&app, stopped.clone());
    let figures = refresh_figures(&app, stopped.clone());
    let imports = tokio::spawn(app.importer().run(stopped.clone()));
    let reminders = tokio::spawn(worker::run(worker, app.clock.clone(), stopped));
    let served = axum::serve(listener, router).with_graceful_shutdown(asked).await;
    // Ignored: the worker may have ended already.
    let _ = stop.send(true);
    let _ = tokio::join!(reminders, links, figures, imports);
    served.map_err(|error| other(error.to_string()))
}

/// The checking of links, beside the reminders and ended with them. Where it cannot run, everything else does.
fn check_links(app: &App, stop: watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let (worker, clock) = (app.link_worker("worker"), app.clock.clone());
    let wanted = app.config.links.check;
    tokio::spawn(async move {
        match worker {
            Ok(worker) if wanted => worker::check_links(worker, clock, stop).await,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "links are not checked"),
        }
    })
}

/// The asking for figures, where the settings name some.
fn refresh_figures(app: &App, stop: watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let (worker, clock) = (app.figure_worker("worker"), app.clock.clone());
    tokio::spawn(async move {
        match worker {
            Ok(worker) => worker::refresh_figures(worker, clock, stop).await,
            Err(error) => tracing::warn!(%error, "figures are not asked for"),
        }
    })
}

/// Takes away what uploads left behind that were under way when an earlier server was killed.
async fn sweep(vault: Vault, now: DateTime<Utc>) {
    const A_DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
    match vault.sweep(now, A_DAY).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "unfinished uploads were taken away"),
        Err(error) => tracing::warn!(cause = error.cause(), "the store of files could not be swept"),
    }
}

/// Ends when the terminal or the system asks to stop. From now on it is heard, also before anybody waits for it.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// `servanda worker`
#[derive(Debug, Args)]
pub struct Worker {
    /// One pass, then end
    #[arg(long)]
    once: bool,
}

impl Worker {
    /// Plans and sends.
    ///
    /// # Errors
    /// When mail or the database cannot be used.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let worker = made(&app, "worker")?;
        if self.once {
            let done = worker::run_once(&worker, app.clock.now())
                .await
                .map_err(|error| Failure::Other(error.to_string()))?;
            return told(&done);
        }
        let asked = asked_to_stop()?;
        let (stop, stopped) = watch::channel(false);
        let links = check_links(&app, stopped.clone());
        let figures = refresh_figures(&app, stopped.clone());
        let imports = tokio::spawn(app.importer().run(stopped.clone()));
        let reminders = tokio::spawn(worker::run(worker, app.clock.clone(), stopped));
        complain("the worker runs; Ctrl-C ends it between two messages");
        asked.await;
        let _ = stop.send(true);
        let _ = tokio::join!(reminders, links, figures, imports);
        Ok(())
    }
}

/// `servanda remind`
#[derive(Debug, Args)]
pub struct Remind {
    /// Only print what would go; nothing is written or sent
    #[arg(long)]
    dry_run: bool,
    /// Take this moment for now, such as 2026-11-23T08:00:00Z
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Remind {
    /// One planning and sending pass.
    ///
    /// # Errors
    /// When the moment, mail or the database cannot be used.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let now = self
            .at
            .as_deref()
            .map(moment)
            .transpose()?
            .unwrap_or_else(|| app.clock.now());
        let worker = made(&app, "cli")?;
        let failed = |error: worker::PassError| Failure::Other(error.to_string());
        if self.dry_run {
            let rehearsal = worker::rehearse(&worker, now).await.map_err(failed)?;
            let columns = [
                "to",
                "language",
                "state",
                "instrument",
                "report",
                "due",
                "days",
                "offset",
                "status",
            ];
            return answer(self.format, &rehearsal, &columns, &rehearsal.would_send);
        }
        let done = worker::run_once(&worker, now).await.map_err(failed)?;
        told(&done)
    }
}

fn made(app: &App, actor: &str) -> Result<worker::Worker, Failure> {
    let templates = app.templates().map_err(|error| Failure::Other(error.to_string()))?;
    app.worker(templates, actor)
        .map_err(|error| Failure::Request(error.to_string()))
}

/// Prints what a pass did; what kept it from its work is a failure of the command.
fn told(summary: &worker::Summary) -> Result<(), Failure> {
    say(&serde_json::to_string(summary).map_err(|error| Failure::Other(error.to_string()))?)?;
    summary
        .problem
        .as_ref()
        .map_or(Ok(()), |problem| Err(Failure::Other(problem.clone())))
}

fn moment(text: &str) -> Result<DateTime<Utc>, Failure> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .map_err(|_| Failure::Request(format!("“{text}” is not a moment; write it as 2026-11-23T08:00:00Z")))
}
