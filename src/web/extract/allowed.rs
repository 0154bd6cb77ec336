//! Permission as an extractor: a handler that takes `Allowed<Assess>` cannot be reached by who may not assess.

use super::actor::Actor;
use super::form::FormKey;
use crate::actions::Doing;
use crate::clock::Clock;
use crate::domain::users::{Permission, User};
use crate::web::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::marker::PhantomData;

/// A permission as a type.
pub trait Needs {
    /// The same as a value.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident),+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Needs for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}

permissions! {
    /// Record treaty actions, reports and evidence.
    RecordFacts,
    /// Review what others recorded.
    Review,
    /// Grade obligations and say why a gap exists.
    Assess,
    /// Follow states and instruments.
    Follow,
    /// Manage accounts and see everybody's reminders.
    Administer
}

/// Somebody who is signed in and may do `P`.
#[derive(Debug)]
pub struct Allowed<P> {
    actor: Actor,
    permission: PhantomData<P>,
}

impl<P> Allowed<P> {
    /// Who it is.
    ///
    /// # Errors
    /// Never in practice: nobody gets here without an account.
    pub fn user(&self) -> Result<&User, Problem> {
        self.actor.user().ok_or(Problem::SignInNeeded)
    }

    /// Who does it, when, under the key of which form.
    ///
    /// # Errors
    /// As [`Self::user`].
    pub fn doing<'a>(&'a self, clock: &Clock, key: &'a FormKey) -> Result<Doing<'a>, Problem> {
        Ok(Doing {
            actor: self.user()?.email.as_str(),
            now: clock.now(),
            key: key.as_deref(),
        })
    }
}

impl<P: Needs, S: Sync> FromRequestParts<S> for Allowed<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor: Actor = parts.extensions.get().cloned().unwrap_or_default();
        if actor.user().is_none() {
            return Err(Problem::SignInNeeded);
        }
        if !actor.may(P::PERMISSION) {
            return Err(Problem::Forbidden(P::PERMISSION));
        }
        Ok(Self {
            actor,
            permission: PhantomData,
        })
    }
}
