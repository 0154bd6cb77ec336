//! A form with a file in it: the same proofs as [`super::CsrfForm`], the file streamed into the store while it arrives.
//!
//! The browser sends the fields in the order in which they stand in the form: the hidden `form_token` comes first, because
//! nothing is stored before it was seen, and the file best comes last.

use super::actor::Actor;
use super::form::{CsrfForm, FormKey, is_from_here, is_known, read};
use crate::actions::Doing;
use crate::actions::files::{KeepError, keep};
use crate::domain::evidence::EvidenceFile;
use crate::domain::users::Permission;
use crate::files::{FileError, Receiving};
use crate::store::forms::Sent;
use crate::web::app_state::AppState;
use crate::web::fields;
use crate::web::links::encode;
use crate::web::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// All typed text together, in bytes: as much as a form without a file may have.
const LARGEST_TEXT: usize = 1024 * 1024;
/// More fields than any form has.
const MOST_FIELDS: usize = 1_000;
/// So long nothing may arrive. The whole may take longer: slow lines are slow.
const PATIENCE: Duration = Duration::from_secs(30);
/// A program may send the token of the form in this header instead.
const TOKEN_HEADER: &str = "x-form-token";

/// The fields of a form that was proved to come from this site, and the file in it. Only for who may record facts.
///
/// A form that was sent without `multipart/form-data` is read as [`CsrfForm`] and has no file.
#[derive(Debug, Clone)]
pub struct FormWithFile<T> {
    /// What was typed.
    pub fields: T,
    /// What makes the form do its work once.
    pub key: FormKey,
    /// The file, kept now, or none where none was chosen; or why it was not kept, to be said beside its field.
    pub file: Result<Option<EvidenceFile>, FileError>,
}

impl<T: DeserializeOwned> FromRequest<AppState> for FormWithFile<T> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &AppState) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        if !kind
            .unwrap_or("")
            .to_ascii_lowercase()
            .starts_with("multipart/form-data")
        {
            let CsrfForm(fields, key) = CsrfForm::from_request(request, app).await?;
            return Ok(Self {
                fields,
                key,
                file: Ok(None),
            });
        }
        let actor: Actor = request.extensions().get().cloned().unwrap_or_default();
        let user = actor.user().ok_or(Problem::SignInNeeded)?;
        if !actor.may(Permission::RecordFacts) {
            return Err(Problem::Forbidden(Permission::RecordFacts));
        }
        if !is_from_here(request.headers(), &app.config.base_url) {
            return Err(Problem::Forged);
        }
        // What arrives is counted here, field by field.
        DefaultBodyLimit::disable().apply(&mut request);
        let (parts, body) = request.into_parts();
        let token = parts.headers.get(TOKEN_HEADER).and_then(|token| token.to_str().ok());
        let mut arriving = Arriving {
            is_proved: is_known(app, &actor, &parts.headers, token.unwrap_or("")),
            key: FormKey::default(),
            before: None,
            body: String::new(),
            file: Ok(None),
            app,
            actor: &actor,
            email: user.email.as_str(),
            parts: &parts,
        };
        let multipart = Multipart::from_request(Request::from_parts(parts.clone(), body), app).await;
        let mut multipart = multipart.map_err(|_| {
            let why = "The form cannot be taken apart: its header does not say where one field ends and the next begins. Nothing \
                was saved. Load the page again and send the form once more.";
            Problem::Unreadable(why.to_owned())
        })?;
        let mut count = 0;
        while let Some(field) = in_time(multipart.next_field()).await?.map_err(|_| broken())? {
            count += 1;
            if count > MOST_FIELDS {
                return Err(too_large("The form has too many fields."));
            }
            arriving.take(field).await?;
        }
        if !arriving.is_proved {
            return Err(Problem::Forged);
        }
        let key = arriving.key.saying(&fields::read(arriving.body.as_bytes())?);
        key.refuse(arriving.before)?;
        let (typed, file) = (arriving.body, arriving.file);
        Ok(Self {
            fields: typed_fields(typed, app).await?,
            key,
            file,
        })
    }
}

/// What has arrived so far.
struct Arriving<'a> {
    app: &'a AppState,
    actor: &'a Actor,
    email: &'a str,
    parts: &'a Parts,
    is_proved: bool,
    key: FormKey,
    /// What became of the form, where it was sent before: no file of this sending is kept.
    before: Option<Sent>,
    /// The text fields as a form without a file would send them.
    body: String,
    file: Result<Option<EvidenceFile>, FileError>,
}

impl Arriving<'_> {
    async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.file_name().map(str::to_owned) {
            Some(name) => self.take_file(&name, field).await,
            None => self.take_text(field).await,
        }
    }

    async fn take_text(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or("").to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = in_time(field.chunk()).await?.map_err(|_| broken())? {
            if self.body.len() + bytes.len() + piece.len() > LARGEST_TEXT {
                return Err(too_large(
                    "What was typed is too large: all fields together may have 1 MB.",
                ));
            }
            bytes.extend_from_slice(&piece);
        }
        let text = String::from_utf8(bytes).map_err(|_| {
            Problem::Unreadable(format!(
                "The field {name} holds bytes that are no text in UTF-8. Type it anew; nothing was saved."
            ))
        })?;
        if name == "form_token" {
            self.is_proved = self.is_proved || is_known(self.app, self.actor, &self.parts.headers, &text);
        }
        if name == "form_key" {
            self.key = FormKey::read(&text);
            self.before = self.key.before(self.app, self.email).await?;
        }
        if !self.body.is_empty() {
            self.body.push('&');
        }
        encode(&mut self.body, &name);
        self.body.push('=');
        encode(&mut self.body, &text);
        Ok(())
    }

    async fn take_file(&mut self, name: &str, mut field: Field<'_>) -> Result<(), Problem> {
        let first = in_time(field.chunk()).await?.map_err(|_| broken())?;
        // Browsers send a field without a name and without bytes where no file was chosen.
        if name.is_empty() && first.as_ref().is_none_or(Bytes::is_empty) {
            return Ok(());
        }
        if !self.is_proved {
            return Err(Problem::Forged);
        }
        if self.before.is_some() {
            return self.drain(field).await;
        }
        if !matches!(self.file, Ok(None)) {
            return Err(Problem::Invalid(
                "Only one file can be sent with a form. Send the others one by one.".to_owned(),
            ));
        }
        self.file = match self.receive(name, first, &mut field).await? {
            Ok(file) => Ok(Some(file)),
            Err(error) => {
                tracing::warn!(cause = error.cause(), "a file was not kept");
                self.drain(field).await?;
                Err(error)
            }
        };
        Ok(())
    }

    /// The outer error ends the request, the inner one is for beside the field.
    async fn receive(
        &self,
        name: &str,
        first: Option<Bytes>,
        field: &mut Field<'_>,
    ) -> Result<Result<EvidenceFile, FileError>, Problem> {
        let mut receiving = match self.app.vault.receive(name) {
            Ok(receiving) => receiving,
            Err(error) => return Ok(Err(error)),
        };
        let mut next = first;
        while let Some(piece) = next {
            if let Err(error) = receiving.push(&piece).await {
                return Ok(Err(error));
            }
            drop(piece);
            next = in_time(field.chunk()).await?.map_err(|_| broken())?;
        }
        self.keep(receiving).await
    }

    /// In a task of its own: a browser that goes away now must not leave a file that no row names.
    async fn keep(&self, receiving: Receiving) -> Result<Result<EvidenceFile, FileError>, Problem> {
        let (app, email, now) = (self.app.clone(), self.email.to_owned(), self.app.clock.now());
        let kept = tokio::spawn(async move {
            let doing = Doing {
                actor: &email,
                now,
                key: None,
            };
            keep(&app.db, &app.vault, doing, receiving).await
        });
        match kept.await {
            Ok(Ok(file)) => Ok(Ok(file)),
            Ok(Err(KeepError::File(error))) => Ok(Err(error)),
            Ok(Err(KeepError::Store(error))) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "a file could not be kept");
                Err(Problem::Internal)
            }
        }
    }

    /// Lets the rest of a refused file go by, so that the browser reads the answer and the fields behind it are not lost.
    async fn drain(&self, mut field: Field<'_>) -> Result<(), Problem> {
        let mut room = self.app.vault.largest().saturating_mul(2);
        while let Some(piece) = in_time(field.chunk()).await?.map_err(|_| broken())? {
            room = room.saturating_sub(piece.len() as u64);
            if room == 0 {
                let error = FileError::TooLarge(self.app.vault.largest());
                return Err(error.into());
            }
        }
        Ok(())
    }
}

async fn typed_fields<T: DeserializeOwned>(body: String, app: &AppState) -> Result<T, Problem> {
    let request = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(body)).map_err(|_| Problem::Internal)?;
    read(request, app).await
}

async fn in_time<T>(next: impl Future<Output = T>) -> Result<T, Problem> {
    let slow = "Nothing more of the form arrived for half a minute, so nothing was saved. Please send it again.";
    let waited = tokio::time::timeout(PATIENCE, next).await;
    waited.map_err(|_| Problem::Rejected(StatusCode::REQUEST_TIMEOUT, slow.to_owned()))
}

fn broken() -> Problem {
    Problem::Unreadable("The form did not arrive whole, so nothing was saved. Please send it again.".to_owned())
}

fn too_large(why: &str) -> Problem {
    Problem::Rejected(StatusCode::PAYLOAD_TOO_LARGE, why.to_owned())
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let status = match &error {
            FileError::Refused(_) => return Self::Invalid(error.to_string()),
            FileError::Missing => return Self::not_found("There is no such file."),
            FileError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            FileError::Interrupted => StatusCode::BAD_REQUEST,
            FileError::Full => StatusCode::INSUFFICIENT_STORAGE,
            FileError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        tracing::warn!(cause = error.cause(), "a file was not kept or not given out");
        Self::Rejected(status, error.to_string())
    }
}
