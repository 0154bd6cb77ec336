//! An instrument's rules with their articles, in words.

use crate::domain::instruments::{DenunciationRule, Instrument};
use crate::web::view::obligations::Fact;

/// What is said about an instrument before its parties.
pub(super) fn of(instrument: &Instrument) -> Vec<Fact> {
    let entry = &instrument.entry_into_force_rule;
    let reporting = &instrument.reporting;
    let mut facts = vec![
        Fact::new("Adopted", instrument.adopted.to_string()),
        Fact::new("In force", instrument.entry_into_force.to_string()),
        Fact::new("Depositary", instrument.depositary.as_str()),
        Fact::new("In force for a state", with_article(&entry.text, &entry.article)),
        Fact::new("Reports", with_article(&reporting.text, &reporting.article)),
        Fact::new("Monitored by", instrument.body.name.as_str()),
        Fact::new("Denunciation", denunciation(instrument.denunciation_rule.as_ref())),
    ];
    facts.extend(reservations(instrument).map(|text| Fact::new("Reservations", text)));
    facts.extend(optional(instrument).map(|text| Fact::new("Optional parts", text)));
    let source = format!(
        "{}, {}; confidence {}",
        instrument.source,
        instrument.source_date,
        instrument.confidence.word()
    );
    facts.push(Fact::new("Source", source));
    facts
}

fn with_article(text: &str, article: &str) -> String {
    match article {
        "" => text.to_owned(),
        article => format!("{} ({article})", text.trim_end_matches('.')),
    }
}

fn denunciation(rule: Option<&DenunciationRule>) -> String {
    rule.map_or_else(
        || "the treaty has no clause on it".to_owned(),
        |rule| with_article(&rule.text, &rule.article),
    )
}

fn reservations(instrument: &Instrument) -> Option<String> {
    let rule = instrument.reservation_rule.as_ref()?;
    let mut forbidden = Vec::new();
    if rule.none_allowed {
        forbidden.push("none is allowed".to_owned());
    }
    if !rule.prohibited_articles.is_empty() {
        forbidden.push(format!("not to articles {}", rule.prohibited_articles));
    }
    if rule.parts_prohibited {
        forbidden.push("no part and no category of migrant workers may be left out".to_owned());
    }
    (!forbidden.is_empty()).then(|| with_article(&forbidden.join("; "), &rule.article))
}

fn optional(instrument: &Instrument) -> Option<String> {
    let rule = instrument.optional_parts.as_ref()?;
    let all = match rule.all_may_be_excluded {
        true => "also all of them together",
        false => "not all of them together",
    };
    let text = format!("a state may leave out {}, {all}", rule.parts.join(", "));
    Some(with_article(&text, &rule.article))
}
