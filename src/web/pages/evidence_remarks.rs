//! What a form for evidence says beside its fields before anything is saved: parts that do not go together, and may be
//! meant.

use super::here::Here;
use crate::actions::evidence::EvidenceDraft;
use crate::domain::evidence::Attachment;
use crate::domain::revisions::words;
use crate::web::view::forms::Field;
use crate::web::view::words::{list, provision_name};

/// Puts each remark in front of the hint of its field.
pub(super) fn remark(fields: &mut [Field], here: &Here, draft: &EvidenceDraft, attached: &Attachment) {
    let all = of_document(here, draft).into_iter().chain(of_place(here, attached));
    for (name, text) in all {
        for field in fields.iter_mut().filter(|field| field.name == name) {
            let hint = field.hint.take().unwrap_or_default();
            field.hint = Some(format!("Look again: {text} {hint}").trim_end().to_owned());
        }
    }
}

/// What the symbol of the document says otherwise.
fn of_document(here: &Here, draft: &EvidenceDraft) -> Vec<(&'static str, String)> {
    let alone = EvidenceDraft {
        symbol: draft.symbol.clone(),
        ..EvidenceDraft::default()
    };
    let says = alone.filled(&here.shelf.reference);
    let mut remarks = Vec::new();
    for (name, typed, said) in [
        ("source_kind", &draft.source_kind, &says.source_kind),
        ("author_role", &draft.author_role, &says.author_role),
    ] {
        let typed = typed.trim();
        if !typed.is_empty() && !said.is_empty() && typed != said {
            let text = format!("by its symbol, {} is “{}”.", says.symbol, words(name, said));
            remarks.push((name, text));
        }
    }
    let named = document_of(&draft.link);
    if let Some(named) = named.filter(|named| !says.link.is_empty() && !named.eq_ignore_ascii_case(&says.symbol)) {
        remarks.push((
            "link",
            format!("this link names {named}, and the document above is {}.", says.symbol),
        ));
    }
    remarks
}

/// The symbol that an address of the United Nations' documents names.
fn document_of(link: &str) -> Option<&str> {
    let path = link.trim().split_once("://")?.1;
    let (host, path) = path.split_once('/')?;
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    let symbol = match host.trim_start_matches("www.") {
        "docs.un.org" => path.split_once('/')?.1,
        "undocs.org" => match path.split_once('/') {
            Some((language, rest)) if language.len() == 2 && language.starts_with(char::is_lowercase) => rest,
            _ => path,
        },
        _ => return None,
    };
    Some(symbol).filter(|symbol| symbol.contains('/'))
}

/// Provisions that speak of another right than the theme.
fn of_place(here: &Here, attached: &Attachment) -> Option<(&'static str, String)> {
    let theme = attached.theme.as_ref()?;
    let strays: Vec<String> = attached
        .provisions
        .iter()
        .filter_map(|id| here.shelf.reference.provision(id))
        .filter(|(_, provision)| provision.theme != *theme)
        .map(|(instrument, provision)| provision_name(instrument, provision))
        .collect();
    let text = || {
        let speaks = if strays.len() == 1 { "speaks" } else { "speak" };
        format!(
            "{} {speaks} of another right than the theme chosen above.",
            list(&strays)
        )
    };
    (!strays.is_empty()).then(|| ("provisions", text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_united_nations_names_its_document() {
        for link in [
            "https://docs.un.org/en/CMW/C/MEX/CO/3",
            "https://docs.un.org/es/CMW/C/MEX/CO/3?x=1#p",
            "https://undocs.org/CMW/C/MEX/CO/3",
            "http://www.undocs.org/en/CMW/C/MEX/CO/3/",
        ] {
            assert_eq!(document_of(link), Some("CMW/C/MEX/CO/3"), "{link}");
        }
        for link in ["https://a.example/CMW/C/MEX/CO/3", "https://docs.un.org/", "", "x"] {
            assert_eq!(document_of(link), None, "{link}");
        }
    }
}
