//! Somebody says something about evidence or an obligation, asks a person or a team to see to it, and somebody settles it.
//! Nothing is taken away.

use super::{ActionError, Doing, Fields};
use crate::domain::comments::{Assignee, Comment, Subject};
use crate::domain::ids::{CommentId, StateCode};
use crate::domain::reference::Reference;
use crate::domain::users::Permission;
use crate::store::{Db, StoreError, Tx, comments as store, evidence, users};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A comment as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CommentDraft {
    /// The identity of a piece of evidence, or `STATE/PROVISION`.
    pub on: String,
    /// What is said.
    pub text: String,
    /// An address, `@monitor`, `@administrator`, or empty for nobody.
    pub assign: String,
}

/// What is done with a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CommentStep {
    /// `assign` or `resolve`.
    pub step: String,
    /// Who is asked, as in [`CommentDraft::assign`].
    pub assign: String,
}

/// Longest comment in characters.
const LONGEST: usize = 4_000;

/// Adds a comment.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn add(
    db: &Db,
    reference: &Reference,
    doing: Doing<'_>,
    draft: &CommentDraft,
) -> Result<Comment, ActionError> {
    let mut fields = Fields::default();
    let on = fields.needed("on", &draft.on, str::parse::<Subject>);
    let text = fields.text("text", &draft.text, LONGEST);
    let assigned = fields.optional("assign", &draft.assign, str::parse::<Assignee>);
    let tx = doing.begin(db).await?;
    let state = match &on {
        Some(on) => state_of(&tx, reference, on, &mut fields).await?,
        None => None,
    };
    if let Some(Some(to)) = &assigned {
        check_assignee(&tx, to, &mut fields).await?;
    }
    let parts = (|| Some((on?, text?, assigned?, state?)))();
    let (on, text, assigned, state) = fields.finish(parts)?;
    let comment = Comment {
        id: CommentId::fresh(),
        on,
        state,
        text,
        by: doing.actor.to_owned(),
        at: doing.now,
        assigned,
        resolved: None,
    };
    store::insert(&tx, &comment).await?;
    note(&tx, doing, "comment.add", &comment).await?;
    tx.commit().await?;
    Ok(comment)
}

async fn state_of(
    tx: &Tx,
    reference: &Reference,
    on: &Subject,
    fields: &mut Fields,
) -> Result<Option<StateCode>, StoreError> {
    match on {
        Subject::Evidence(id) => {
            let found = evidence::latest_in(tx, *id).await?;
            if found.is_none() {
                fields.wrong("on", "there is no such evidence");
            }
            Ok(found.map(|found| found.evidence.state))
        }
        Subject::Obligation(state, provision) => {
            if reference.find_provision(provision.as_str()).is_err() {
                fields.wrong("on", format!("there is no provision {provision}"));
            }
            let found = fields.needed("on", state.as_str(), |text| reference.find_state(text));
            Ok(found.map(|state| state.iso3.clone()))
        }
    }
}

/// Only who can see the comment can be asked to see to it.
async fn check_assignee(tx: &Tx, to: &Assignee, fields: &mut Fields) -> Result<(), StoreError> {
    let Assignee::Person(email) = to else {
        return Ok(());
    };
    let user = users::by_email_in(tx, email).await?;
    if !user.is_some_and(|user| user.active && Permission::RecordFacts.granted_to(Some(user.role))) {
        fields.wrong(
            "assign",
            format!("{email} is no monitor or administrator with an open account"),
        );
    }
    Ok(())
}

/// Asks somebody else to see to it, or settles it.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when it is settled already.
pub async fn step(db: &Db, doing: Doing<'_>, id: CommentId, step: &CommentStep) -> Result<Comment, ActionError> {
    let mut fields = Fields::default();
    let tx = doing.begin(db).await?;
    let found = store::find(&tx, id).await?;
    let mut comment = found.ok_or_else(|| ActionError::Conflict("there is no such comment".to_owned()))?;
    if comment.resolved.is_some() {
        return Err(ActionError::Conflict("this comment is settled already".to_owned()));
    }
    let action = match step.step.trim() {
        "assign" => {
            let to = fields.optional("assign", &step.assign, str::parse::<Assignee>);
            if let Some(Some(to)) = &to {
                check_assignee(&tx, to, &mut fields).await?;
            }
            comment.assigned = fields.finish(to)?;
            store::assign(&tx, id, comment.assigned.as_ref()).await?;
            "comment.assign"
        }
        "resolve" => {
            comment.resolved = Some((doing.actor.to_owned(), doing.now));
            store::resolve(&tx, id, doing.actor, doing.now).await?;
            "comment.resolve"
        }
        other => return fields.refuse("step", format!("“{other}” is not one of: assign, resolve")),
    };
    note(&tx, doing, action, &comment).await?;
    tx.commit().await?;
    Ok(comment)
}

/// The text stays out of the chain: it may speak of people.
async fn note(tx: &Tx, doing: Doing<'_>, action: &str, comment: &Comment) -> Result<(), StoreError> {
    let subject = match &comment.on {
        Subject::Evidence(id) => format!("{}/{id}", comment.state),
        Subject::Obligation(..) => comment.on.to_string(),
    };
    let assigned = comment.assigned.as_ref().map(ToString::to_string);
    doing
        .note(
            tx,
            action,
            &subject,
            None,
            json!({ "comment": comment.id, "assigned": assigned }),
        )
        .await
}
