//! Method, sources and how sure.

use super::View;
use super::parts::{CauseMark, GradeMark};
use serde::Serialize;

/// How the site comes to what it says.
#[derive(Debug, Serialize)]
pub struct About {
    pub answer: String,
    pub grades: Vec<GradeMeaning>,
    pub causes: Vec<CauseMeaning>,
    pub sources: Vec<Source>,
    pub limits: Vec<String>,
}

/// A grade and what must be so for it.
#[derive(Debug, Serialize)]
pub struct GradeMeaning {
    pub grade: GradeMark,
    pub test: String,
}

/// A cause and what it means.
#[derive(Debug, Serialize)]
pub struct CauseMeaning {
    pub cause: CauseMark,
    pub meaning: String,
}

/// Where facts come from.
#[derive(Debug, Serialize)]
pub struct Source {
    pub what: String,
    pub from: String,
    pub date: String,
    pub confidence: String,
}

impl View for About {
    const TEMPLATE: &'static str = "pages/about/about.html";
}
