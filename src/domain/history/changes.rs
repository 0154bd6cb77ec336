//! What changed between two documents, field by field.

use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// One field that changed, or that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, in words.
    pub field: String,
    /// What stood there; none where nothing did.
    pub before: Option<String>,
    /// What stands there; none where nothing does.
    pub after: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.after.as_deref().unwrap_or("(nothing)");
        match &self.before {
            Some(before) => write!(f, "{}: {before} → {after}", self.field),
            None => write!(f, "{}: {after}", self.field),
        }
    }
}

/// What the program says of a row and no person typed: it is in the line itself, or it names somebody.
const UNTOLD: [&str; 19] = [
    "gone",
    "proposal",
    "assessment",
    "codings",
    "comment",
    "round",
    "seal",
    "import_file",
    "id",
    "key",
    "recorded_by",
    "recorded_at",
    "superseded_at",
    "supersedes",
    "sealed",
    "digest",
    "state",
    "provision",
    "revision",
];

/// The fields that differ, in the order of the later document; every field that is given where there is nothing before.
#[must_use]
pub fn changes(before: Option<&Value>, after: &Value) -> Vec<Change> {
    if let (Some(from), Some(to), None) = (after.get("from"), after.get("to"), before) {
        return vec![Change {
            field: "changed".to_owned(),
            before: shown("from", from),
            after: shown("to", to),
        }];
    }
    let old = before.map(flat).unwrap_or_default();
    let new = flat(after);
    let mut found: Vec<Change> = Vec::new();
    for (field, value) in &new {
        if old.get(field) != Some(value) {
            found.push(Change {
                field: field.clone(),
                before: old.get(field).cloned(),
                after: Some(value.clone()),
            });
        }
    }
    let gone = old.iter().filter(|(field, _)| !new.contains_key(*field));
    found.extend(gone.map(|(field, value)| Change {
        field: field.clone(),
        before: Some(value.clone()),
        after: None,
    }));
    found
}

fn flat(document: &Value) -> BTreeMap<String, String> {
    let mut into = BTreeMap::new();
    flatten("", document, &mut into);
    into
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !UNTOLD.contains(&name.as_str())) {
                let name = name.replace('_', " ");
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}, {name}")
                };
                flatten(&path, value, into);
            }
        }
        other => {
            if let Some(text) = shown(path, other) {
                into.insert(path.to_owned(), text);
            }
        }
    }
}

/// A value in words; none where it says nothing.
fn shown(path: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => {
            let cause = text.parse::<Cause>().ok().filter(|_| path == "cause");
            Some(cause.map_or_else(|| text.clone(), |cause| cause.plain_words().to_owned()))
        }
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => {
            let grade = number.as_u64().and_then(|number| u8::try_from(number).ok());
            let grade = grade.and_then(Grade::from_number).filter(|_| path.ends_with("grade"));
            Some(grade.map_or_else(|| number.to_string(), |grade| format!("{number}, {}", grade.words())))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(|item| shown(path, item)).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .filter(|(name, _)| !UNTOLD.contains(&name.as_str()))
                .filter_map(|(name, value)| Some(format!("{} {}", name.replace('_', " "), shown(name, value)?)))
                .collect();
            (!fields.is_empty()).then(|| fields.join("; "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(before: Option<&Value>, after: &Value) -> Vec<String> {
        changes(before, after).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_differs_is_told_and_nested_documents_are_flat() {
        let before =
            json!({ "title": "Law", "theme": "T08", "file": { "name": "a.pdf", "size": 3 }, "provisions": ["A"] });
        let after =
            json!({ "title": "Law", "theme": null, "file": { "name": "b.pdf", "size": 3 }, "provisions": ["A", "B"] });
        assert_eq!(
            told(Some(&before), &after),
            [
                "file, name: a.pdf → b.pdf",
                "provisions: A → A, B",
                "theme: T08 → (nothing)"
            ]
        );
    }

    #[test]
    fn nobody_is_named_and_nothing_of_the_machine_is_told() {
        let after = json!({ "id": "x", "recorded_by": "mo@example.org", "recorded_at": "2026", "grade": 0,
            "sealed": { "rows": 1, "digest": "abc" }, "note": " " });
        assert_eq!(told(None, &after), ["grade: 0, contrary"]);
    }

    #[test]
    fn a_role_goes_from_one_to_the_other() {
        assert_eq!(
            told(None, &json!({ "from": "reader", "to": "monitor" })),
            ["changed: reader → monitor"]
        );
    }
}
