//! What is known of a gap, brought together: its evidence, the recommendations on it, a reservation to it, the state of the
//! reports under its treaty, and figures about the state. From it the signs, each with where it came from.

use super::means::KnownFigure;
use super::{Account, Classifier, Dossier, Figure, Figures, Heard, Place, SuggestedCauses};
use crate::domain::assessments::Grade;
use crate::domain::dates::PartialDate;
use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::evidence::{Reliability, Stance};
use crate::domain::ids::{InstrumentCode, ProvisionId, StateCode};
use crate::domain::recommendations::{Acceptance, IssuingBody, Recommendation, StoredRecommendation};
use crate::domain::reservations::Effect;
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is known of a state beside its picture.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Recommendations to it that were known on the day.
    pub recommendations: Vec<StoredRecommendation>,
    /// Figures about it.
    pub figures: Vec<KnownFigure>,
}

/// Recommendations named as the place of one sign.
const MOST_NAMED: usize = 5;

/// Whether causes are suggested for it: it is known to fall short; or nobody can grade it, but evidence that names this very
/// provision says that something is missing, or a person found a cause. Evidence on the theme alone says too little of one
/// provision that has no grade, and evidence that it is kept leaves nothing to explain.
#[must_use]
pub fn is_explained(gap: &ObligationPicture<'_>) -> bool {
    let short = |item: &&StoredEvidence| {
        let says = &item.evidence;
        says.provisions.contains(&gap.obligation.provision.id) && says.stance != Stance::Supports
    };
    gap.is_gap() && (gap.is_known_gap() || !gap.causes.is_empty() || gap.evidence.iter().any(short))
}

/// The causes suggested for those gaps; none for one of which nothing is known.
#[must_use]
pub fn suggested<'p, 'a: 'p>(
    classifier: &Classifier,
    state: &StateCode,
    picture: &StatePicture<'a>,
    gaps: impl IntoIterator<Item = &'p ObligationPicture<'a>>,
    records: &Records,
) -> BTreeMap<ProvisionId, SuggestedCauses> {
    let gaps: Vec<&ObligationPicture<'_>> = gaps.into_iter().filter(|gap| is_explained(gap)).collect();
    let texts = Texts::of(classifier, state, &gaps, records);
    let all = gaps.iter().map(|gap| {
        let found = explained(classifier, picture, gap, records, &texts);
        (gap.obligation.provision.id.clone(), found)
    });
    all.collect()
}

/// Texts about gaps, each heard once.
struct Texts {
    evidence: HashMap<(uuid::Uuid, i32), Heard>,
    recommendations: HashMap<uuid::Uuid, Heard>,
}

impl Texts {
    fn of(classifier: &Classifier, state: &StateCode, gaps: &[&ObligationPicture<'_>], records: &Records) -> Self {
        let mut evidence = HashMap::new();
        for item in gaps.iter().flat_map(|gap| &gap.evidence) {
            evidence
                .entry((item.id.0, item.revision))
                .or_insert_with(|| hear(classifier, item, state));
        }
        let asked = |one: &&StoredRecommendation| {
            let speaks = |gap: &&ObligationPicture<'_>| one.recommendation.speaks_of(gap.obligation.provision);
            gaps.iter().any(speaks)
        };
        let recommendations = records.recommendations.iter().filter(asked);
        Self {
            evidence,
            recommendations: recommendations
                .map(|one| (one.id.0, classifier.hear(&one.recommendation.text, Some(state))))
                .collect(),
        }
    }
}

/// What a piece of evidence tells. Its title, a headline of whoever wrote it down, is heard only where the gist tells nothing:
/// both say the same thing, and it is to count once.
fn hear(classifier: &Classifier, item: &StoredEvidence, state: &StateCode) -> Heard {
    let gist = classifier.hear(item.evidence.gist.trim(), Some(state));
    if gist.tells_nothing() {
        classifier.hear(item.evidence.title.trim(), Some(state))
    } else {
        gist
    }
}

fn explained(
    classifier: &Classifier,
    picture: &StatePicture<'_>,
    gap: &ObligationPicture<'_>,
    records: &Records,
    texts: &Texts,
) -> SuggestedCauses {
    let (mut accounts, mut places) = (Vec::new(), Vec::new());
    for item in &gap.evidence {
        if let Some(heard) = texts.evidence.get(&(item.id.0, item.revision)) {
            accounts.push(Account {
                heard,
                reliability: item.evidence.reliability.weight(),
                told_by_the_state: item.evidence.is_own_word(),
                origin: item.evidence.first_source(),
            });
            places.push(evidence_place(item));
        }
    }
    let all = records.recommendations.iter();
    let asked: Vec<&StoredRecommendation> = all
        .filter(|one| one.recommendation.speaks_of(gap.obligation.provision))
        .collect();
    for one in &asked {
        if let Some(heard) = texts.recommendations.get(&one.id.0) {
            accounts.push(Account {
                heard,
                reliability: reliability(one.recommendation.body),
                told_by_the_state: false,
                origin: &one.recommendation.symbol,
            });
            places.push(recommendation_place(one));
        }
    }
    let mut facts = Facts::default();
    facts.of_records(gap, &asked, picture.as_of);
    facts.of_reports(&gap.obligation.instrument.code, &picture.deadlines);
    for known in records
        .figures
        .iter()
        .filter(|known| known.speaks_of(&gap.obligation.provision.theme))
    {
        facts.add(known.figure, known.value, [known.place.clone()]);
    }
    let found = classifier.explain(&Dossier {
        accounts,
        given: Vec::new(),
        figures: facts.figures,
        about_one_duty: true,
    });
    SuggestedCauses::of(
        &found,
        picture.as_of,
        |at| places.get(at).cloned(),
        |figure| facts.places.get(&figure).cloned().unwrap_or_default(),
    )
}

/// How far a body can be relied on: the letters that METHOD, section 2, gives to sources of that kind.
fn reliability(body: IssuingBody) -> f64 {
    let letter = match body {
        IssuingBody::TreatyBody => Reliability::A,
        IssuingBody::SpecialProcedure | IssuingBody::InterAgency => Reliability::B,
        IssuingBody::Upr | IssuingBody::Rcp => Reliability::C,
    };
    letter.weight()
}

fn year(date: Option<PartialDate>) -> Option<i32> {
    date.map(|date| date.latest().year())
}

fn evidence_place(item: &StoredEvidence) -> Place {
    Place::Evidence {
        id: item.id,
        key: item.evidence.key.clone(),
        title: item.evidence.title.clone(),
        link: item.evidence.link.clone(),
        year: year(item.evidence.date()),
    }
}

fn recommendation_place(one: &StoredRecommendation) -> Place {
    Place::Recommendation {
        id: one.id,
        symbol: one.recommendation.symbol.clone(),
        paragraph: one.recommendation.paragraph.clone(),
        year: year(one.recommendation.date),
    }
}

/// Figures of one gap, each with where it comes from.
#[derive(Default)]
struct Facts {
    figures: Figures,
    places: BTreeMap<Figure, Vec<Place>>,
}

impl Facts {
    fn add(&mut self, figure: Figure, value: f64, places: impl IntoIterator<Item = Place>) {
        self.figures.0.insert(figure, value);
        self.places
            .insert(figure, places.into_iter().take(MOST_NAMED).collect());
    }

    /// A reservation to the provision, and what the state made of recommendations on it.
    fn of_records(&mut self, gap: &ObligationPicture<'_>, asked: &[&StoredRecommendation], as_of: NaiveDate) {
        // What only touches the provision, such as a declaration that nobody has read, is no reservation to it.
        let reserves = |effect: Effect, kind: &str| effect >= Effect::Modified || kind.contains("reservation");
        let standing = gap.obligation.reservation.filter(|one| reserves(one.effect, &one.kind));
        if let Some(reservation) = standing {
            let id = reservation.id.clone();
            self.add(Figure::Reservations, 1.0, [Place::Reservation { id }]);
        }
        let answered = |answer| asked.iter().filter(move |one| one.recommendation.acceptance == answer);
        let noted = answered(Acceptance::Noted);
        if noted.clone().next().is_some() {
            self.add(
                Figure::Noted,
                count(noted.clone().count()),
                noted.map(|one| recommendation_place(one)),
            );
        }
        if let Some((times, places)) = repeated(asked) {
            self.add(Figure::Repeated, times, places);
        }
        // Nothing followed where no relevant step is known: not in place, or contrary.
        let nothing = gap.standing.grade.is_some_and(|grade| grade <= Grade::NotInPlace);
        let dated = answered(Acceptance::Accepted).filter_map(|one| Some((one.recommendation.date?.latest(), *one)));
        let oldest = dated.min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        if let Some((day, one)) = oldest.filter(|_| nothing) {
            let years = f64::from(i32::try_from((as_of - day).num_days()).unwrap_or(0)) / 365.25;
            self.add(Figure::AcceptedUnmet, years.floor(), [recommendation_place(one)]);
        }
    }

    /// How long the oldest report under the treaty is overdue, and whether none was ever handed in.
    fn of_reports(&mut self, instrument: &InstrumentCode, deadlines: &[Deadline]) {
        let owed = || deadlines.iter().filter(|one| one.instrument == *instrument);
        let late = owed().filter(|one| one.status == DeadlineStatus::Overdue && one.certainty > Certainty::Indicative);
        let Some(oldest) = late.min_by_key(|one| one.due) else {
            return;
        };
        let place = || Place::Report {
            instrument: instrument.clone(),
            report: oldest.report.clone(),
            due: oldest.due,
        };
        let days = f64::from(i32::try_from(-oldest.days).unwrap_or(0));
        self.add(Figure::MonthsOverdue, (days / 30.44).floor(), [place()]);
        let handed_in = |one: &Deadline| {
            one.submitted.is_some() || matches!(one.status, DeadlineStatus::Submitted | DeadlineStatus::Reviewed)
        };
        if oldest.report.starts_with("initial") && !owed().any(handed_in) {
            self.add(Figure::NeverReported, 1.0, [place()]);
        }
    }
}

/// How often one body came back to it in later cycles, and in which documents.
fn repeated(asked: &[&StoredRecommendation]) -> Option<(f64, Vec<Place>)> {
    let cycle = |one: &Recommendation| match one.cycle.trim() {
        "" => one.symbol.clone(),
        cycle => cycle.to_owned(),
    };
    let mut by_body: BTreeMap<&str, BTreeMap<String, &StoredRecommendation>> = BTreeMap::new();
    for one in asked {
        let cycles = by_body.entry(one.recommendation.body.code()).or_default();
        cycles.entry(cycle(&one.recommendation)).or_insert(one);
    }
    let cycles = by_body.into_values().max_by_key(BTreeMap::len)?;
    let again = cycles.len().checked_sub(1).filter(|again| *again > 0)?;
    let seen: BTreeSet<_> = cycles.values().map(|one| one.id).collect();
    let places = asked
        .iter()
        .filter(|one| seen.contains(&one.id))
        .map(|one| recommendation_place(one));
    Some((count(again), places.collect()))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
