//! The search.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::search::Segment;
use crate::web::links;
use crate::web::view::parts::downloads;
use crate::web::view::search::{Hit, Kind, Search};

fn segments(f: Flavour, text: &str) -> Vec<Segment> {
    [
        (f.t(text), false),
        (f.t("detained"), true),
        (f.t(" without review"), false),
    ]
    .map(|(text, hit)| Segment { text, hit })
    .into()
}

impl Sample for Search {
    fn sample(f: Flavour) -> Self {
        let here = links::search().with("q", "detention");
        Self {
            answer: f.t("34 pieces of evidence, 12 provisions and 3 recommendations fit “detention”."),
            as_of: as_of(f),
            direct: f.rows(2, |_| state(f)),
            filters: filters(f),
            kinds: f.rows(3, |at| Kind {
                name: f.t(["Evidence", "Provisions", "Recommendations"][at]),
                count: "more than 1,000".to_owned(),
                href: (at != 2).then(|| here.clone().with("kind", "evidence")),
                current: at == 0,
            }),
            hits: f.rows(8, |_| Hit {
                href: links::evidence(&evidence_id()),
                title: segments(f, "Migrants "),
                text: segments(f, "People were "),
                line: f.t("evidence · Mexico · Liberty · 2023-03-15"),
            }),
            pager: pager(f),
            downloads: downloads(&here),
            empty: empty(f),
            nearest: f.rows(2, |_| state(f)),
            help: vec![f.t("Words in quotation marks must stand next to each other.")],
        }
    }
}
