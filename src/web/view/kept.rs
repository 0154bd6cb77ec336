//! A form that could not be taken because its session had ended: nothing of it is lost.

use super::View;
use super::forms::{Field, FieldErrors, Form};
use crate::web::links::{self, Link};
use serde::Serialize;

/// One field as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptField {
    pub name: String,
    /// The name as people read it.
    pub label: String,
    pub value: String,
    /// Somebody typed it: worth reading.
    pub shown: bool,
}

impl KeptField {
    /// A field; its name in a form is its label in words.
    #[must_use]
    pub fn new(name: String, value: String, shown: bool) -> Self {
        let mut label = name.replace('_', " ");
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self {
            name,
            label,
            value,
            shown,
        }
    }
}

/// The form as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptForm {
    /// Where it was sent.
    pub action: String,
    pub fields: Vec<KeptField>,
}

/// What is typed, until one is signed in again, and then to be sent.
#[derive(Debug, Serialize)]
pub struct Kept {
    pub heading: String,
    pub text: String,
    /// Signs in and carries the form along; none for who is signed in.
    pub sign_in: Option<Form>,
    /// The proof that this page was made here, for forms of whoever is signed in.
    pub token: String,
    /// As whom it will be sent.
    pub sent_as: Option<String>,
    /// What it did when it was sent before.
    pub made: Option<Link>,
    /// A file has to be chosen once more.
    pub without_file: bool,
    pub form: KeptForm,
}

impl Kept {
    /// The page on which one signs in again. `packed` is the form as the page carries it, `proof` that it was packed here.
    #[must_use]
    pub fn sign_in(form: KeptForm, token: &str, packed: &str, proof: &str, email: &str, errors: &FieldErrors) -> Self {
        let fields = vec![
            Field::line("email", "email", "E-mail address", email)
                .autocomplete("username")
                .width("medium"),
            Field::line("password", "password", "Password", "")
                .autocomplete("current-password")
                .width("medium"),
            Field::hidden("action", &form.action),
            Field::hidden("kept", packed),
            Field::hidden("proof", proof),
        ];
        let mut sign_in = Form::new(links::resume(), token, "Sign in and go on").with(fields, errors);
        // Signing in twice does no harm.
        sign_in.key.clear();
        sign_in.error_title = "You are not signed in yet; what you typed is still here:".to_owned();
        Self {
            heading: "Sign in again: nothing you typed is lost".to_owned(),
            text: "You were signed out while you were writing, so nothing was saved yet. What you typed is kept on this page. \
                   Sign in here, then send it."
                .to_owned(),
            sign_in: Some(sign_in),
            token: String::new(),
            sent_as: None,
            made: None,
            without_file: false,
            form,
        }
    }

    /// The page that sends the form once more.
    #[must_use]
    pub fn send(form: KeptForm, token: &str, name: &str, role: &str, just_now: bool) -> Self {
        let text = if just_now {
            "You are signed in again; nothing was lost. Nothing is saved yet: send the form now."
        } else {
            "You have signed in anew since this form was opened, so it was not taken and nothing was saved. What you \
             typed is all here: send it now."
        };
        Self {
            heading: "Nothing was lost".to_owned(),
            text: text.to_owned(),
            sign_in: None,
            token: token.to_owned(),
            sent_as: Some(format!("{name}, {role}")),
            made: None,
            without_file: false,
            form,
        }
    }

    /// The form was sent before, with other words; `made` leads to what it did then.
    #[must_use]
    pub fn changed_since(mut self, made: Option<Link>) -> Self {
        self.heading = "You sent this form before".to_owned();
        self.text =
            "What it said then is saved. What you changed since is not saved yet, and all here. Open what was saved \
                     and change it there, or send this as something new."
                .to_owned();
        self.made = made;
        self
    }

    /// The form had a file, which no page can carry.
    #[must_use]
    pub fn without_file(mut self, without: bool) -> Self {
        self.without_file = without;
        self
    }
}

impl View for Kept {
    const TEMPLATE: &'static str = "pages/sessions/kept.html";
}
