//! Every template with every sample: it renders, nothing hostile survives, and the page is sound: tags close, ids are
//! used once, tables have captions and heads, every field has a label, every link leads somewhere.

use super::samples::{Flavour, HOSTILE, Sample};
use super::{
    View, about, agreement, causes, codings, comments, deadlines, desk, errors, evidence, gaps, history, home,
    instruments, matrix, obligations, participation, reminders,
};
use super::{
    imports, kept, page, proposals, recommendations, reports, search, sessions, states, status_pages, studies,
    summaries, themes,
};
use crate::templates::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// Renders every sample and hands each page to `each` with its name.
fn every_page(mut each: impl FnMut(&str, Flavour, &str)) {
    let templates = Templates::load().expect("loaded");
    macro_rules! pages {
        ($($view:ty: $section:ident),+ $(,)?) => {$(
            for flavour in Flavour::ALL {
                let frame = super::samples::page(flavour, "Mexico", page::Section::$section);
                let html = templates.render_framed(<$view as View>::TEMPLATE, &<$view>::sample(flavour), &frame);
                each(<$view as View>::TEMPLATE, flavour, &html.unwrap_or_else(|e| panic!("{flavour:?}: {e}")));
            }
        )+};
    }
    pages! {
        home::Home: Home, states::States: States, states::State: States, obligations::Obligations: States,
        obligations::Obligation: States, gaps::Gaps: States, causes::StateCauses: States, causes::CausesOverTime: Themes, summaries::Summary: States, deadlines::Deadlines: Deadlines,
        deadlines::Calendar: Deadlines,
        instruments::Instruments: Instruments, instruments::Instrument: Instruments, themes::Themes: Themes,
        themes::Theme: Themes, search::Search: Home, evidence::EvidenceList: States, evidence::EvidenceItem: States,
        evidence::EvidenceForm: States, evidence::EvidenceMerge: States, history::History: States, kept::Kept: Home, comments::CommentForm: States, participation::ActionForm: States, reports::ReportForm: States,
        reminders::Reminders: Reminders, reminders::Ledger: Reminders, sessions::SignIn: Home, about::About: About,
        errors::Error: Home, codings::CodingRound: States, studies::Studies: Desk, studies::NewStudy: Desk, studies::Study: Desk,
        studies::StudyCase: Desk, studies::StudyResults: Desk, agreement::Agreement: Home, desk::Desk: Desk,
        desk::DeskQueue: Desk, matrix::Matrix: States,
        imports::ImportList: Home, imports::ImportPage: Home, status_pages::StatusPages: Home, proposals::Proposals: Desk, proposals::OneProposal: Desk,
        recommendations::RecommendationList: States, recommendations::RecommendationItem: States,
    }
}

#[test]
fn every_template_renders_every_sample_and_the_page_is_sound() {
    let mut seen = BTreeSet::new();
    every_page(|name, flavour, html| {
        seen.insert(name.to_owned());
        assert!(
            !html.contains("<script") && !html.contains("<img"),
            "{name} {flavour:?} lets an attack through"
        );
        assert!(
            flavour != Flavour::Hostile || html.contains("&lt;script&gt;"),
            "{name} hides what was written"
        );
        let faults = faults(html);
        assert!(faults.is_empty(), "{name} {flavour:?}: {faults:#?}");
    });
    let templates = Templates::load().expect("loaded");
    let pages = |name: &&&str| name.starts_with("pages/") || name.starts_with("errors/");
    let all: BTreeSet<String> = templates
        .names()
        .iter()
        .filter(pages)
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(all, seen, "every page has a view with samples, and every view a page");
}

/// `cargo test --lib preview -- --ignored` writes every sample to `target/preview/`, to be looked at.
#[test]
#[ignore = "writes files to be looked at"]
fn preview() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/preview");
    std::fs::create_dir_all(&folder).expect("made");
    for file in ["style.css", "icon.svg"] {
        std::fs::copy(
            format!("{}/static/{file}", env!("CARGO_MANIFEST_DIR")),
            folder.join(file),
        )
        .expect("copied");
    }
    every_page(|name, flavour, html| {
        let name = name.replace('/', "_").replace(".html", "");
        std::fs::write(folder.join(format!("{name}-{flavour:?}.html").to_lowercase()), html).expect("written");
    });
}

/// One tag of a page.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    closing: bool,
}

fn elements(html: &str) -> Vec<Element> {
    let mut found = Vec::new();
    for part in html.split('<').skip(1).filter(|part| !part.starts_with('!')) {
        let tag = part.split('>').next().unwrap_or_default();
        let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let mut attributes = BTreeMap::new();
        let mut pieces = rest.split('"');
        while let (Some(key), value) = (pieces.next(), pieces.next()) {
            for word in key
                .split_whitespace()
                .map(|word| word.trim_end_matches('=').trim_end_matches('/'))
            {
                attributes.insert(word.to_owned(), value.unwrap_or("").to_owned());
            }
        }
        let closing = name.starts_with('/');
        found.push(Element {
            name: name.trim_start_matches('/').trim_end_matches('/').to_owned(),
            attributes,
            closing,
        });
    }
    found
}

fn faults(html: &str) -> Vec<String> {
    let all = elements(html);
    let mut faults = unclosed(&all);
    let attribute = |key: &'static str| all.iter().filter_map(move |e| e.attributes.get(key));
    let mut ids = BTreeSet::new();
    faults.extend(
        attribute("id")
            .filter(|id| !ids.insert((*id).clone()))
            .map(|id| format!("id {id} twice")),
    );
    let labels: BTreeSet<&String> = attribute("for").collect();
    let here = |href: &str| href.strip_prefix('#').is_none_or(|id| ids.contains(id));
    let known = |list: &String| list.split(' ').all(|id| ids.contains(id));
    faults.extend(
        attribute("href")
            .filter(|href| href.is_empty() || !here(href))
            .map(|href| format!("dead link {href}")),
    );
    faults.extend(
        attribute("aria-describedby")
            .filter(|list| !known(list))
            .map(|list| format!("describes {list}")),
    );
    faults.extend(
        attribute("aria-labelledby")
            .filter(|list| !known(list))
            .map(|list| format!("labels {list}")),
    );
    for element in all.iter().filter(|e| !e.closing) {
        let has = |key: &str| element.attributes.contains_key(key);
        let kind = element.attributes.get("type").map_or("text", String::as_str);
        match element.name.as_str() {
            "input" if kind == "hidden" => {}
            "input" | "select" | "textarea" if !element.attributes.get("id").is_some_and(|id| labels.contains(id)) => {
                faults.push(format!("no label: {:?}", element.attributes));
            }
            "th" if !has("scope") => faults.push("th without scope".to_owned()),
            "svg" if !has("aria-hidden") && !has("aria-label") => faults.push("svg without a name".to_owned()),
            _ if has("style") || element.attributes.keys().any(|key| key.starts_with("on")) => {
                faults.push(format!("inline style or script: {}", element.name));
            }
            _ => {}
        }
    }
    let count = |name: &str| all.iter().filter(|e| e.name == name && !e.closing).count();
    if count("h1") != 1 {
        faults.push(format!("{} first headings", count("h1")));
    }
    if count("table") != count("caption") {
        faults.push("a table without a caption".to_owned());
    }
    faults
}

fn unclosed(all: &[Element]) -> Vec<String> {
    const VOID: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "rect", "path"];
    let mut open: Vec<&str> = Vec::new();
    for element in all
        .iter()
        .filter(|e| !VOID.contains(&e.name.as_str()) && !["use", "circle", "stop"].contains(&e.name.as_str()))
    {
        if !element.closing {
            open.push(&element.name);
        } else if open.pop() != Some(element.name.as_str()) {
            return vec![format!("</{}> closes nothing; open: {open:?}", element.name)];
        }
    }
    open.into_iter()
        .map(|name| format!("<{name}> is never closed"))
        .collect()
}

#[test]
fn the_check_itself_finds_faults() {
    let bad = "<h1>a</h1><p><b>x</p><input name=\"q\"><a href=\"#gone\">y</a><table><th>z</th></table>";
    assert!(!faults(bad).is_empty());
    assert!(HOSTILE.contains("<script>"));
    assert!(faults("<h1>a</h1><label for=\"q\">Q</label><input id=\"q\">").is_empty());
}

#[test]
fn the_style_sheet_is_small_and_calls_nobody() {
    let sheet = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/style.css")).expect("read");
    assert!(sheet.len() < 20_000, "{} bytes", sheet.len());
    assert!(!sheet.contains("http") && !sheet.contains("@import"));
}
