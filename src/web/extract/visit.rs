//! A visit to a page: who comes, and how the answer is framed.

use super::actor::Actor;
use super::form::{FormKey, form_token};
use crate::domain::users::Permission;
use crate::store::forms;
use crate::web::app_state::AppState;
use crate::web::links::{self, Format, Link};
use crate::web::pages::downloads::Wanted;
use crate::web::problem::Problem;
use crate::web::view::View;
use crate::web::view::page::{Footer, Page, Section, Visitor, nav};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};

/// Who comes, and to where.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Everything a handler can reach.
    pub app: AppState,
    /// Who comes.
    pub actor: Actor,
    /// The table of the page is wanted as a file, not the page.
    pub file: Option<Format>,
    /// The path that was asked for.
    pub path: String,
    /// What a form just did, where one sent the visitor here.
    pub done: Option<Done>,
}

/// What a form did, as the page it leads to says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Evidence was handed in.
    Evidence,
    /// Evidence was kept as a draft.
    Draft,
    /// A revision was accepted, returned or rejected.
    Review,
    /// A revision was taken back.
    TakenBack,
    /// A comment was added.
    Comment,
    /// A comment was assigned or settled.
    Settled,
    /// A grade was given.
    Grade,
    /// A round of double coding was opened.
    RoundOpened,
    /// A grading was handed in.
    Coded,
    /// A round was decided.
    Reconciled,
    /// A round was ended without a decision.
    RoundEnded,
    /// A study was opened.
    StudyOpened,
    /// A case was coded.
    CaseCoded,
    /// Somebody has finished coding.
    StudyFinished,
    /// All have finished coding.
    StudyComplete,
    /// A study was ended early.
    StudyEnded,
    /// It was noted what was settled about a case.
    CaseSettled,
    /// A proposal was accepted.
    ProposalAccepted,
    /// A proposal was refused.
    ProposalRefused,
    /// A cause was recorded.
    Cause,
    /// A treaty action was recorded.
    Action,
    /// A report was recorded.
    Report,
    /// Something is followed.
    Followed,
    /// Something is no longer followed.
    Unfollowed,
    /// Evidence was reviewed.
    Reviewed,
    /// A filter is kept.
    FilterKept,
    /// A filter is forgotten.
    FilterForgotten,
    /// The visitor is signed out.
    SignedOut,
}

impl Done {
    const ALL: [(Self, &'static str, &'static str); 28] = [
        (
            Self::Evidence,
            "evidence",
            "Handed in for review: it counts once somebody else has accepted it.",
        ),
        (Self::Draft, "draft", "Saved as a draft: hand it in when it is ready."),
        (Self::Review, "review", "Done: the review is recorded under your name."),
        (
            Self::TakenBack,
            "taken-back",
            "Taken back: it is a draft again, and nobody reviews it until you hand it in.",
        ),
        (Self::Comment, "comment", "The comment is kept."),
        (Self::Settled, "settled", "Done: the comment shows it."),
        (
            Self::Grade,
            "grade",
            "The grade is saved under your name; earlier grades stay in the history.",
        ),
        (
            Self::RoundOpened,
            "round-opened",
            "The people you chose are asked for their gradings. Nobody sees another’s before all are in.",
        ),
        (Self::Coded, "coded", "Your grading is handed in."),
        (
            Self::Reconciled,
            "reconciled",
            "The decision is saved under your name; the gradings stay beside it.",
        ),
        (
            Self::RoundEnded,
            "round-ended",
            "The round is ended without a decision.",
        ),
        (
            Self::StudyOpened,
            "study-opened",
            "The study is open. The people you chose find it under “Coding studies”; nobody sees another’s codes before all have finished.",
        ),
        (Self::CaseCoded, "case-coded", "Your code is saved."),
        (
            Self::StudyFinished,
            "study-finished",
            "Noted: you have finished. You may still change your codes until all have.",
        ),
        (
            Self::StudyComplete,
            "study-complete",
            "You were the last to finish. What the study came to is open now.",
        ),
        (
            Self::StudyEnded,
            "study-ended",
            "The study is ended. What is in is shown, and that it is incomplete.",
        ),
        (Self::CaseSettled, "case-settled", "The note is kept beside the codes."),
        (
            Self::ProposalAccepted,
            "proposal-accepted",
            "The treaty action is recorded; status, obligations and due dates follow from it.",
        ),
        (
            Self::ProposalRefused,
            "proposal-refused",
            "Refused. The same difference is not raised again.",
        ),
        (Self::Cause, "cause", "The cause is saved under your name."),
        (
            Self::Action,
            "action",
            "The treaty action is recorded; status, obligations and due dates follow from it.",
        ),
        (
            Self::Report,
            "report",
            "The report is recorded; deadlines and reminders follow from it.",
        ),
        (Self::Followed, "followed", "You will be reminded of its deadlines."),
        (
            Self::Unfollowed,
            "unfollowed",
            "You will not be reminded of its deadlines any more.",
        ),
        (
            Self::Reviewed,
            "reviewed",
            "The review is saved under your name. What was returned or rejected is on its author’s desk now.",
        ),
        (Self::FilterKept, "filter-kept", "The filter is kept on your desk."),
        (Self::FilterForgotten, "filter-forgotten", "The filter is forgotten."),
        (Self::SignedOut, "signed-out", "You are signed out."),
    ];

    /// As it stands in the address.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(done, _, _)| *done == self)
            .map_or("", |(_, code, _)| code)
    }

    fn from_query(query: &str) -> Option<Self> {
        let code = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
        Self::ALL
            .iter()
            .find(|(_, known, _)| *known == code)
            .map(|(done, _, _)| *done)
    }

    fn sentence(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(done, _, _)| *done == self)
            .map_or("", |(_, _, sentence)| sentence)
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        let actor = parts.extensions.get().cloned().unwrap_or_default();
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let done = uri.query().and_then(Done::from_query);
        Ok(Self {
            app: app.clone(),
            actor,
            file: parts.extensions.get::<Wanted>().map(|wanted| wanted.0),
            path: parts.uri.path().to_owned(),
            done,
        })
    }
}

impl Visit {
    /// A visit by that actor, for pages that no handler shows.
    #[must_use]
    pub fn by(app: &AppState, actor: Actor) -> Self {
        Self {
            app: app.clone(),
            actor,
            file: None,
            path: String::new(),
            done: None,
        }
    }

    /// The token for this visitor's forms; empty for who has no session.
    #[must_use]
    pub fn form_token(&self) -> String {
        match &self.actor {
            Actor::Session(session) => form_token(&session.form_secret),
            Actor::Anonymous | Actor::Token(_) => String::new(),
        }
    }

    /// The frame of a page with that title.
    #[must_use]
    pub fn page(&self, title: impl Into<String>, section: Section) -> Page {
        let today = self.app.clock.today();
        let visitor = self.actor.user().map(|user| Visitor {
            name: user.name.clone(),
            role: user.role.as_str(),
            sign_out: links::sign_out(),
            form_token: self.form_token(),
        });
        Page {
            title: title.into(),
            description: "Treaty duties towards migrants: what each state accepted, what shows that it is kept, and what falls due."
                .to_owned(),
            lang: "en",
            dir: "ltr",
            stylesheet: self.app.assets.link("style.css"),
            icon: self.app.assets.link("icon.svg"),
            home: links::home(),
            nav: nav(section, visitor.is_some(), self.actor.may(Permission::RecordFacts)),
            search: links::search(),
            sought: String::new(),
            visitor,
            sign_in: links::sign_in(),
            crumbs: Vec::new(),
            done: self.done.map(|done| done.sentence().to_owned()),
            history: None,
            footer: Footer {
                standing: format!("As of {today}."),
                sources: "Sources: depositaries, treaty bodies, and the evidence named on each page.".to_owned(),
                about: links::about(),
            },
        }
    }

    /// Sends the visitor on after a form did its work, and remembers where, for whoever sends the form again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrive(&self, key: &FormKey, to: Link) -> Result<Response, Problem> {
        if let (Some(user), Some(text)) = (self.actor.user(), key.as_deref()) {
            forms::note(&self.app.db, user.email.as_str(), text, to.as_str(), key.digest()).await?;
        }
        Ok(Redirect::to(to.as_str()).into_response())
    }

    /// The page, rendered.
    ///
    /// # Errors
    /// When the template does not fit its view.
    pub fn show<V: View>(&self, page: &Page, view: &V) -> Result<Response, Problem> {
        self.show_as(StatusCode::OK, page, view)
    }

    /// The page, rendered, with another status than 200: 422 for a form that has to be mended.
    ///
    /// # Errors
    /// When the template does not fit its view; when a file was asked for and the page has none to give.
    pub fn show_as<V: View>(&self, status: StatusCode, page: &Page, view: &V) -> Result<Response, Problem> {
        if self.file.is_some() && status.is_success() {
            return Err(Problem::not_found("This page has no table that can be downloaded."));
        }
        let html = self.app.templates.render_framed(V::TEMPLATE, view, page)?;
        Ok((status, Html(html)).into_response())
    }
}
