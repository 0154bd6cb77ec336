//! A draft that a program sends as JSON, read strictly: what is not a field is named, and never left out in silence.

use crate::domain::bulk::nearest;
use crate::domain::texts::shown;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a draft. Its fields are those that an empty one has.
///
/// # Errors
/// Everything that is wrong with the names and kinds of the fields, as one sentence each.
pub fn read<T: DeserializeOwned + Serialize + Default>(sent: Value) -> Result<T, String> {
    let known = match serde_json::to_value(T::default()) {
        Ok(Value::Object(known)) => known,
        Ok(_) => return Err("what was sent is no draft".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let Value::Object(fields) = &sent else {
        return Err(format!(
            "send one JSON object, such as {{\"{}\": …}}, and not {}",
            known.keys().next().map_or("state", String::as_str),
            kind(&sent)
        ));
    };
    let wrong = fields.iter().filter_map(|(name, value)| match known.get(name) {
        None => Some(match nearest(name, known.keys().map(String::as_str)) {
            Some(near) => format!("there is no field “{}”; did you mean {near}?", shown(name)),
            None => {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                format!(
                    "there is no field “{}”; the fields are {}",
                    shown(name),
                    names.join(", ")
                )
            }
        }),
        Some(empty) if !empty.is_null() && kind(empty) != kind(value) => {
            Some(format!("{name}: must be {} and not {}", kind(empty), kind(value)))
        }
        Some(_) => None,
    });
    let wrong: Vec<String> = wrong.take(20).collect();
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    serde_json::from_value(sent).map_err(|error| shown(&error.to_string()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text in quotes",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::evidence::EvidenceDraft;
    use serde_json::json;

    #[test]
    fn unknown_fields_and_other_shapes_are_named() {
        let refused = |sent: Value| read::<EvidenceDraft>(sent).expect_err("refused");
        let both = refused(json!({ "titel": "x", "grade": 3, "title": "x" }));
        assert!(both.contains("“titel”; did you mean title?"), "{both}");
        assert!(
            both.contains("grade: must be a text in quotes and not a number"),
            "{both}"
        );
        assert!(refused(json!({ "zzz": 1 })).contains("the fields are"));
        assert!(refused(json!(["MEX", "title"])).contains("one JSON object"));
        assert!(refused(json!({ "provisions": [1] })).contains("expected a string"));
        let right = read::<EvidenceDraft>(json!({ "title": "x", "provisions": ["ICRMW-16.4"] })).expect("right");
        assert_eq!((right.title.as_str(), right.provisions.len()), ("x", 1));
    }
}
