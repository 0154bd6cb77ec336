//! Method, sources and how sure.

use super::lookup;
use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::web::extract::Visit;
use crate::web::problem::Problem;
use crate::web::view::about::{About, CauseMeaning, GradeMeaning, Source};
use crate::web::view::page::Section;
use crate::web::view::parts::{CauseMark, GradeMark};
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

/// Shows it.
pub(in crate::web) async fn about(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let day = lookup::day(&visit, &asked.as_of)?;
    let mut page = visit.page("Method, sources and how sure", Section::About);
    day.mark(&mut page);
    visit.show(&page, &view())
}

/// A day in the address: the method does not depend on it, the foot of the page says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

fn view() -> About {
    let mut grades: Vec<GradeMeaning> = Grade::ALL
        .iter()
        .map(|grade| GradeMeaning {
            grade: GradeMark::decided(Some(*grade)),
            test: grade.test().to_owned(),
        })
        .collect();
    grades.push(GradeMeaning {
        grade: GradeMark::decided(None),
        test: "no usable evidence, or no reply; never read as failure".to_owned(),
    });
    let contested = GradeMark {
        class: "contested",
        word: "contested".to_owned(),
        computed: false,
    };
    grades.push(GradeMeaning {
        grade: contested,
        test: "strong evidence on both sides: both are shown, nothing is averaged away".to_owned(),
    });
    About {
        answer:
            "Facts come from depositaries and treaty bodies, grades and causes from named people, suggestions from a \
                 published rule; every page says which is which."
                .to_owned(),
        grades,
        causes: Cause::ALL
            .iter()
            .map(|cause| CauseMeaning {
                cause: CauseMark::short(*cause),
                meaning: meaning(*cause),
            })
            .collect(),
        sources: sources(),
        limits: LIMITS.map(str::to_owned).into(),
    }
}

fn meaning(cause: Cause) -> String {
    match cause {
        Cause::Resources => "The state knows and wants, and lacks money, staff or equipment.",
        Cause::PoliticalWill => {
            "The state could and knows, and prefers otherwise or delays. Recorded only on positive signs, and worded as \
             “signals consistent with a policy choice”."
        }
        Cause::Information => {
            "A wrong reading of the norm, false beliefs about migrants or the treaty, or a lack of data, training or knowledge."
        }
        Cause::Other => "Conflict, disaster, shocks, federal competence, territory outside control, states that are not parties.",
        Cause::Undetermined => "The signs do not tell.",
    }
    .to_owned()
}

fn sources() -> Vec<Source> {
    let row = |what: &str, from: &str, date: &str, confidence: &str| Source {
        what: what.to_owned(),
        from: from.to_owned(),
        date: date.to_owned(),
        confidence: confidence.to_owned(),
    };
    vec![
        row(
            "Participation in treaties of the United Nations",
            "United Nations Treaty Collection",
            "2026-02-03",
            "mostly high; each row says",
        ),
        row(
            "Participation in ILO conventions",
            "copies of the list of ratifications",
            "see each row",
            "medium; each row says",
        ),
        row(
            "Reservations and declarations",
            "United Nations Treaty Collection; most were not read by a lawyer",
            "2026-02-03",
            "medium",
        ),
        row(
            "Reports and concluding observations",
            "documents of the Committee on Migrant Workers",
            "see each row",
            "each row says",
        ),
        row(
            "Provisions, in our own words",
            "the texts of the treaties",
            "2026-02-03",
            "high",
        ),
        row(
            "Evidence",
            "the document named beside each piece",
            "see each piece",
            "letter and number of the Admiralty system",
        ),
    ]
}

const LIMITS: [&str; 6] = [
    "It does not rank states.",
    "“Overdue” is a fact of the calendar; it carries no judgement.",
    "A reservation marked “touched, effect not read” may change nothing, or everything: no lawyer has read it yet.",
    "A computed suggestion is not a finding. It is shown beside a person’s grade and never replaces it.",
    "A date that only its year is known of stays a year.",
    "Dates of reports for other committees than the one on migrant workers follow from the treaty alone; a committee may have set another.",
];
