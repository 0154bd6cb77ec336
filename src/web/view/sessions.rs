//! Signing in.

use super::View;
use super::forms::{Field, FieldErrors, Form};
use crate::web::links;
use serde::Serialize;

/// The sign-in form.
#[derive(Debug, Serialize)]
pub struct SignIn {
    /// Why one is asked, where one was sent here from another page.
    pub why: Option<String>,
    pub form: Form,
}

impl SignIn {
    /// The form with the address as typed; the password is never sent back.
    #[must_use]
    pub fn new(token: &str, email: &str, next: Option<&str>, errors: &FieldErrors) -> Self {
        let fields = vec![
            Field::line("email", "email", "E-mail address", email)
                .autocomplete("username")
                .width("medium"),
            Field::line("password", "password", "Password", "")
                .autocomplete("current-password")
                .width("medium"),
            Field::hidden("next", next.unwrap_or("")),
        ];
        let mut form = Form::new(links::sign_in(), token, "Sign in").with(fields, errors);
        // Signing in twice does no harm, and this page is the same for everybody.
        form.key.clear();
        form.error_title = "You are not signed in yet:".to_owned();
        Self {
            why: next
                .filter(|next| !next.is_empty())
                .map(|_| "That page is for people with an account.".to_owned()),
            form,
        }
    }
}

impl View for SignIn {
    const TEMPLATE: &'static str = "pages/sessions/sign_in.html";
}
