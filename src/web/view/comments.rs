//! Comments on evidence and on obligations, for those who work on them.

use super::View;
use super::forms::Form;
use super::parts::{Anchor, Tag};
use serde::Serialize;

/// The comments on one thing, and the form for another.
#[derive(Debug, Clone, Serialize)]
pub struct Comments {
    pub items: Vec<CommentLine>,
    pub add: Form,
}

/// One comment.
#[derive(Debug, Clone, Serialize)]
pub struct CommentLine {
    pub id: String,
    pub text: String,
    /// Who, when, and for whom.
    pub line: String,
    pub tag: Option<Tag>,
    /// To ask somebody else; none where it is settled.
    pub assign: Option<Form>,
    /// To settle it; none where it is settled.
    pub resolve: Option<Form>,
}

/// A comment that has to be mended before it is kept.
#[derive(Debug, Serialize)]
pub struct CommentForm {
    /// What it is on.
    pub on: Anchor,
    pub form: Form,
}

impl View for CommentForm {
    const TEMPLATE: &'static str = "pages/comments/comment.html";
}
