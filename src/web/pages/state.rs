//! One state: where it stands towards every treaty, its obligations by theme, its gaps and why, evidence, deadlines.

use super::counts::{self, Counts};
use super::downloads;
use super::gaps::{causes_bar, causes_key, gap_row, gravest_first, is_found};
use super::here::Here;
use crate::actions::causes::suggesting::{self, Suggested};
use crate::domain::dates::PartialDate;
use crate::domain::deadlines::{DeadlineStatus, ReportRecord};
use crate::domain::ids::{InstrumentCode, ThemeCode};
use crate::domain::instruments::Instrument;
use crate::domain::participation::Participation;
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence};
use crate::domain::users::Permission;
use crate::export::tables::{Cell, Table};
use crate::store::{findings, subscriptions};
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::evidence::EvidenceLine;
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::gaps::GapRow;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, GradeMark, downloads as files};
use crate::web::view::states::{Conclusion, ParticipationRow, State, ThemeRow};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Gaps, pieces of evidence and deadlines shown on the page itself.
const MOST: usize = 8;
const MOST_EVIDENCE: usize = 5;

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// Shows it.
pub(in crate::web) async fn state(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let code = &here.state.iso3;
    let findings = findings::of_state(&visit.app.db, code).await?;
    let picture = StatePicture::of(&here.shelf.reference, &here.shelf.world, &findings, code, here.as_of);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &picture));
    }
    let shown = shown_gaps(&picture);
    let shown = shown.iter().take(MOST).copied();
    let suggested = suggesting::of_gaps(&visit.app.db, &here.state.iso3, &picture, shown).await?;
    let mut view = view(&visit, &here, &picture, &suggested);
    (view.follow, view.following) = follow(&visit, &here).await?;
    let mut page = visit.page(here.name(), Section::States);
    page.crumbs = here.crumbs().into_iter().take(1).collect();
    page.footer.standing = format!("As of {}.", here.as_of);
    page.history = Some(here.keep(links::history_of_state(&here.state.iso3)));
    visit.show(&page, &view)
}

/// The button to follow it, or the way to what one follows.
async fn follow(visit: &Visit, here: &Here) -> Result<(Option<Form>, Option<Anchor>), Problem> {
    let Some(user) = visit.actor.user() else {
        return Ok((None, None));
    };
    let followed = subscriptions::of_user(&visit.app.db, user.id).await?;
    let covers = |state: Option<&_>| state.is_none_or(|code| *code == here.state.iso3);
    if followed
        .iter()
        .any(|one| one.follows.instrument.is_none() && covers(one.follows.state.as_ref()))
    {
        return Ok((None, Some(Anchor::new("What I follow", links::reminders()))));
    }
    let fields = vec![Field::hidden("state", here.state.iso3.as_str())];
    let form = Form::new(links::follow(), &visit.form_token(), "Follow");
    Ok((Some(form.with(fields, &FieldErrors::default())), None))
}

/// The gaps of which something is known, the gravest first.
fn shown_gaps<'p, 'a>(picture: &'p StatePicture<'a>) -> Vec<&'p ObligationPicture<'a>> {
    let mut gaps: Vec<_> = picture.gaps().filter(|gap| is_found(gap)).collect();
    gravest_first(&mut gaps);
    gaps
}

fn view(visit: &Visit, here: &Here, picture: &StatePicture<'_>, suggested: &Suggested) -> State {
    let (counts, state, name) = (Counts::of(picture), &here.state.iso3, here.name());
    let themes = themes(here, picture);
    let gaps = shown_gaps(picture);
    let may_record = visit.actor.may(Permission::RecordFacts);
    State {
        name: name.to_owned(),
        about: about(here),
        answer: answer(here, picture, &counts),
        as_of: here.note(links::state(state)),
        figures: counts::figures(here, &counts),
        contents: contents(here),
        actions: actions(here, may_record),
        follow: None,
        following: None,
        participation_caption: format!("{} treaties; in force for {name}: {}", counts.treaties, counts.parties),
        participation: picture
            .participation
            .iter()
            .map(|(i, found)| participation(here, i, found))
            .collect(),
        participation_downloads: files(&here.keep(links::state(state))),
        key: GradeMark::key(),
        themes_caption: format!(
            "{} under {}",
            count(counts.binding, "obligation", "obligations"),
            count(themes.len(), "theme", "themes")
        ),
        themes,
        obligations: Anchor::new(
            format!("All {}", count(counts.binding, "obligation", "obligations")),
            here.keep(links::obligations(state)),
        ),
        causes_bar: causes_bar(&gaps),
        causes: causes_key(&gaps),
        gap_columns: GapRow::columns(),
        gaps: gaps
            .iter()
            .take(MOST)
            .map(|gap| gap_row(here, gap, suggested))
            .collect(),
        gaps_all: Anchor::new(
            format!(
                "{} on the page of gaps, and {} without information",
                count(gaps.len(), "line", "lines"),
                figure(counts.unknown)
            ),
            here.keep(links::gaps(state)),
        ),
        gaps_empty: gaps_empty(here, &counts),
        evidence: picture
            .evidence
            .iter()
            .take(MOST_EVIDENCE)
            .map(|item| evidence(here, item))
            .collect(),
        evidence_all: Anchor::new(
            format!(
                "All {}",
                count(picture.evidence.len(), "piece of evidence", "pieces of evidence")
            ),
            here.keep(links::state_evidence(state)),
        ),
        evidence_empty: evidence_empty(here, may_record),
        deadline_columns: DeadlineRow::columns(false),
        deadlines: deadlines(here, picture),
        deadlines_all: Anchor::new(
            format!("The whole calendar of {name}"),
            here.keep(links::state_deadlines(state)),
        ),
        conclusions: conclusions(here),
    }
}

fn about(here: &Here) -> String {
    let state = &here.state;
    let place = match (state.region.as_str(), state.subregion.as_str()) {
        (region, "") => region.to_owned(),
        (region, inner) if region == inner => region.to_owned(),
        (region, inner) => format!("{inner}, {region}"),
    };
    let membership = match state.membership.as_str() {
        "member" => "member of the United Nations",
        "observer" => "observer at the United Nations",
        _ => "not a member of the United Nations",
    };
    let kinds = [
        (state.ldc, "least developed country"),
        (state.lldc, "landlocked developing country"),
        (state.sids, "small island developing state"),
    ];
    let kinds = kinds.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned());
    let parts = [
        place,
        membership.to_owned(),
        state.un_group.clone(),
        state.income_group.to_lowercase(),
    ];
    let parts: Vec<String> = parts.into_iter().chain(kinds).filter(|text| !text.is_empty()).collect();
    parts.join(" · ")
}

fn answer(here: &Here, picture: &StatePicture<'_>, counts: &Counts) -> String {
    let name = here.name();
    if counts.binding == 0 {
        return format!(
            "{name} is bound by none of the {} treaties on {}.",
            counts.treaties, here.as_of
        );
    }
    let bound = format!(
        "{name} is bound by {} of {} treaties and {}",
        counts.parties,
        counts.treaties,
        count(counts.binding, "obligation", "obligations"),
    );
    let known = match counts.known {
        0 => "no gap is known".to_owned(),
        known => format!("{} known", count(known, "gap is", "gaps are")),
    };
    let overdue = picture
        .deadlines
        .iter()
        .filter(|one| one.status == DeadlineStatus::Overdue)
        .count();
    let late = if overdue == 0 {
        String::new()
    } else {
        format!("; {} overdue", count(overdue, "report is", "reports are"))
    };
    format!(
        "{bound}; {known}, {} of {} that can be graded {} no usable information{late}.",
        counts.unknown,
        counts.gradable,
        if counts.unknown == 1 { "has" } else { "have" },
    )
}

fn contents(here: &Here) -> Vec<Anchor> {
    let sections = [
        ("Obligations", "obligations"),
        ("Gaps", "gaps"),
        ("Evidence", "evidence"),
        ("Deadlines", "deadlines"),
        ("Concluding observations", "observations"),
        ("Treaties", "treaties"),
    ];
    let link = |id| here.keep(links::state(&here.state.iso3)).at(id);
    sections.map(|(text, id)| Anchor::new(text, link(id))).into()
}

fn actions(here: &Here, may_record: bool) -> Vec<Anchor> {
    let state = &here.state.iso3;
    let mut actions = vec![
        Anchor::new("Gap summary to print", here.keep(links::summary(state))),
        Anchor::new("Why its gaps stay open", here.keep(links::state_causes(state))),
        Anchor::new("Coverage by theme and treaty", here.keep(links::matrix(state))),
        Anchor::new("Recommendations", here.keep(links::recommendations(state))),
    ];
    if may_record {
        actions.extend([
            Anchor::new("Add evidence", links::new_evidence(state)),
            Anchor::new("Record a treaty action", links::new_action(state)),
            Anchor::new("Record a report", links::new_report(state)),
        ]);
    }
    actions
}

fn participation(here: &Here, instrument: &Instrument, found: &Participation) -> ParticipationRow {
    let dash = || "–".to_owned();
    let action = found.action.map(|action| match found.action_date {
        Some(date) => format!("{}, {date}", action.word()),
        None => format!("{}, date unknown", action.word()),
    });
    let sure = found.confidence.map(|sure| format!("confidence {}", sure.word()));
    let source = (!found.source.is_empty()).then(|| format!("source: {}", found.source));
    let why: Vec<String> = std::iter::once(found.why.clone()).chain(source).chain(sure).collect();
    let mut flags: Vec<String> = found.flags.iter().map(|flag| (*flag).to_owned()).collect();
    flags.extend(found.contested_with.map(|day| format!("another reading: {day}")));
    ParticipationRow {
        instrument: Anchor::new(instrument.code.as_str(), here.keep(links::instrument(&instrument.code))),
        title: instrument.short.en.clone(),
        status: found.status.into(),
        action: action.unwrap_or_else(dash),
        in_force_since: found.in_force_since.map_or_else(dash, |span| span.to_string()),
        why: why
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
        flags,
        history: here.keep(links::history_of_participation(&here.state.iso3, &instrument.code)),
    }
}

fn table(here: &Here, picture: &StatePicture<'_>) -> Table {
    let columns = [
        "Treaty",
        "Title",
        "Status",
        "Action",
        "Date",
        "In force since",
        "Why",
        "Flags",
        "Source",
        "Confidence",
    ];
    let rows = picture.participation.iter().map(|(instrument, found)| {
        vec![
            Cell::from(instrument.code.as_str()),
            instrument.short.en.as_str().into(),
            found.status.words().into(),
            found.action.map_or("", |action| action.word()).into(),
            Cell::maybe(found.action_date),
            Cell::maybe(found.in_force_since),
            found.why.as_str().into(),
            found.flags.join("; ").into(),
            found.source.as_str().into(),
            Cell::maybe(found.confidence.map(|sure| sure.word())),
        ]
    });
    Table::new(
        format!("{} and every treaty on {}", here.name(), here.as_of),
        &columns,
        rows,
    )
}

fn themes(here: &Here, picture: &StatePicture<'_>) -> Vec<ThemeRow> {
    let mut groups: BTreeMap<&ThemeCode, Vec<&ObligationPicture<'_>>> = BTreeMap::new();
    for one in picture.binding() {
        groups.entry(&one.obligation.provision.theme).or_default().push(one);
    }
    groups
        .into_iter()
        .map(|(code, all)| theme_row(here, code, &all))
        .collect()
}

fn theme_row(here: &Here, code: &ThemeCode, all: &[&ObligationPicture<'_>]) -> ThemeRow {
    let theme = here.shelf.reference.theme(code);
    let gradable: Vec<_> = all.iter().copied().filter(|one| one.obligation.is_gradable()).collect();
    let known = gradable.iter().filter(|one| one.is_known_gap()).count();
    let unknown = gradable.iter().filter(|one| one.standing.grade.is_none()).count();
    let of = |number: usize| {
        if gradable.is_empty() {
            "–".to_owned()
        } else {
            format!("{number} of {}", gradable.len())
        }
    };
    ThemeRow {
        theme: here.theme(code),
        cluster: theme.map(|theme| theme.cluster.clone()).unwrap_or_default(),
        obligations: Anchor::new(
            all.len().to_string(),
            here.keep(links::obligations(&here.state.iso3).with("theme", code.as_str())),
        ),
        bar: counts::bar(gradable.iter().copied()),
        known_gaps: of(known),
        no_information: of(unknown),
    }
}

/// A piece of evidence with its theme, staying on the day of the page.
pub(super) fn evidence(here: &Here, item: &StoredEvidence) -> EvidenceLine {
    let mut line = EvidenceLine::of(item, item.evidence.theme.as_ref().map(|code| here.theme(code)));
    line.title.href = here.keep(line.title.href);
    line
}

fn deadlines(here: &Here, picture: &StatePicture<'_>) -> Vec<DeadlineRow> {
    let open = |status| {
        matches!(
            status,
            DeadlineStatus::Overdue | DeadlineStatus::Due | DeadlineStatus::Upcoming
        )
    };
    let open = picture.deadlines.iter().filter(|one| open(one.status));
    let rows = open
        .take(MOST)
        .map(|one| DeadlineRow::of(one, here.name(), one.instrument.as_str()));
    rows.map(|mut row| {
        row.instrument.href = here.keep(row.instrument.href);
        row
    })
    .collect()
}

fn conclusions(here: &Here) -> Vec<Conclusion> {
    let Some(facts) = here.shelf.world.facts(&here.state.iso3) else {
        return Vec::new();
    };
    let all = facts
        .reports
        .iter()
        .flat_map(|(code, reports)| reports.iter().map(move |report| (code, report)));
    let known = all.filter_map(|(code, report)| {
        let adopted = report.co_date.filter(|date| date.latest() <= here.as_of)?;
        (!report.co_symbol.is_empty()).then_some((adopted, code, report))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(adopted, code, _)| (std::cmp::Reverse(adopted.latest()), *code));
    let row = |adopted: PartialDate, code: &InstrumentCode, report: &ReportRecord| Conclusion {
        symbol: report.co_symbol.clone(),
        document: Some(format!("https://docs.un.org/en/{}", report.co_symbol)),
        instrument: Anchor::new(code.as_str(), here.keep(links::instrument(code))),
        report: report.cycle.clone(),
        adopted: adopted.to_string(),
    };
    known
        .into_iter()
        .map(|(adopted, code, report)| row(adopted, code, report))
        .collect()
}

fn gaps_empty(here: &Here, counts: &Counts) -> Empty {
    Empty {
        title: "No gap is known".to_owned(),
        text: format!(
            "That is not a clean record: of {} that can be graded, {} no usable information.",
            count(counts.gradable, "obligation", "obligations"),
            count(counts.unknown, "has", "have"),
        ),
        needed: Vec::new(),
        action: (counts.unknown > 0).then(|| {
            let all = links::gaps(&here.state.iso3).with("kind", "no_information");
            Anchor::new("See which", here.keep(all))
        }),
    }
}

fn evidence_empty(here: &Here, may_record: bool) -> Empty {
    Empty {
        title: format!("No evidence on {} is held", here.name()),
        text: "Grades need observations with a source and a date. What would help most, and who could give it:"
            .to_owned(),
        needed: [
            "concluding observations of the treaty bodies of the last five years: anybody who can read them",
            "laws and procedures on entry, work and detention: a ministry, or the human rights institution",
            "an alternative report: civil society",
        ]
        .map(str::to_owned)
        .into(),
        action: may_record.then(|| Anchor::new("Add evidence", links::new_evidence(&here.state.iso3))),
    }
}
