//! The frame around every page: title, navigation, who is signed in, what stands below.

use super::parts::Anchor;
use crate::web::links::{self, Link};
use serde::Serialize;

/// The frame of a page.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    pub title: String,
    pub description: String,
    pub lang: &'static str,
    pub dir: &'static str,
    pub stylesheet: Link,
    pub icon: Link,
    pub home: Link,
    pub nav: Vec<NavItem>,
    pub search: Link,
    /// What was searched for.
    pub sought: String,
    pub visitor: Option<Visitor>,
    pub sign_in: Link,
    pub crumbs: Vec<Anchor>,
    /// What a form just did.
    pub done: Option<String>,
    /// The timeline of what the page is about.
    pub history: Option<Link>,
    pub footer: Footer,
}

/// One entry of the navigation.
#[derive(Debug, Clone, Serialize)]
pub struct NavItem {
    pub text: &'static str,
    pub href: Link,
    pub current: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Visitor {
    pub name: String,
    pub role: &'static str,
    pub sign_out: Link,
    pub form_token: String,
}

/// The foot of every page.
#[derive(Debug, Clone, Serialize)]
pub struct Footer {
    /// As of when the page stands.
    pub standing: String,
    pub sources: String,
    pub about: Link,
}

/// The rooms of the site, as the navigation names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// None of them.
    Home,
    /// States and what belongs to one.
    States,
    /// Treaties.
    Instruments,
    /// Rights.
    Themes,
    /// What falls due.
    Deadlines,
    /// What waits for somebody who works here.
    Desk,
    /// What one follows.
    Reminders,
    /// How it is made.
    About,
}

/// The navigation as seen from a section, by somebody who may be signed in and may record facts.
#[must_use]
pub fn nav(here: Section, signed_in: bool, records: bool) -> Vec<NavItem> {
    let all = [
        ("States", links::states(), Section::States),
        ("Treaties", links::instruments(), Section::Instruments),
        ("Themes", links::themes(), Section::Themes),
        ("Deadlines", links::deadlines(), Section::Deadlines),
        ("Desk", links::desk(), Section::Desk),
        ("My reminders", links::reminders(), Section::Reminders),
        ("About", links::about(), Section::About),
    ];
    let shown = all.into_iter().filter(|(_, _, section)| match section {
        Section::Reminders => signed_in,
        Section::Desk => records,
        _ => true,
    });
    shown
        .map(|(text, href, section)| NavItem {
            text,
            href,
            current: section == here,
        })
        .collect()
}
