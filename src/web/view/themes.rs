//! Every theme, and one theme: a right that several provisions of several treaties protect.

use super::View;
use super::evidence::EvidenceLine;
use super::home::Cluster;
use super::instruments::ProvisionRow;
use super::parts::{Anchor, Empty};
use serde::Serialize;

/// Every theme, by cluster.
#[derive(Debug, Serialize)]
pub struct Themes {
    pub answer: String,
    /// Why gaps stay open, over all of them.
    pub causes: Anchor,
    pub clusters: Vec<Cluster>,
}

impl View for Themes {
    const TEMPLATE: &'static str = "pages/themes/themes.html";
}

/// One theme.
#[derive(Debug, Serialize)]
pub struct Theme {
    pub name: String,
    pub answer: String,
    pub description: String,
    /// Why gaps under it stay open.
    pub causes: Anchor,
    pub caption: String,
    pub provisions: Vec<ProvisionRow>,
    pub evidence: Vec<EvidenceLine>,
    pub evidence_empty: Empty,
}

impl View for Theme {
    const TEMPLATE: &'static str = "pages/themes/theme.html";
}
