//! The form for a treaty action.

use super::View;
use super::forms::Form;
use crate::web::links::Link;
use serde::Serialize;

/// A ratification, a denunciation …: what was done and where it is written.
#[derive(Debug, Serialize)]
pub struct ActionForm {
    pub state: String,
    /// The rules of the treaty chosen, before anything is sent.
    pub rules: Vec<String>,
    /// Where the form is sent to be shown again with the rules of the treaty chosen.
    pub look: Link,
    pub form: Form,
}

impl View for ActionForm {
    const TEMPLATE: &'static str = "pages/participation/new.html";
}
