//! The form for a treaty action.

use super::View;
use super::forms::Form;
use serde::Serialize;

/// A ratification, a denunciation …: what was done and where it is written.
#[derive(Debug, Serialize)]
pub struct ActionForm {
    pub state: String,
    /// The rules of the treaty chosen, before anything is sent.
    pub rules: Vec<String>,
    pub form: Form,
}

impl View for ActionForm {
    const TEMPLATE: &'static str = "pages/participation/new.html";
}
