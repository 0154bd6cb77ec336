//! When something is not as it should be: what, and what to do next.

use super::View;
use super::parts::Anchor;
use serde::Serialize;

/// An error page.
#[derive(Debug, Serialize)]
pub struct Error {
    pub heading: String,
    pub text: String,
    /// Where one may have wanted to go.
    pub suggestions: Vec<Anchor>,
    /// To be quoted to the administrator.
    pub reference: Option<String>,
}

impl View for Error {
    const TEMPLATE: &'static str = "errors/error.html";
}
