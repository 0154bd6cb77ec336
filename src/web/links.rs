//! Every address of the site, one function each: what is written here is the only place where an address is spelt.
//! [`patterns`] are the same addresses as the router knows them.

use crate::domain::bulk::Noun;
use crate::domain::desk::Queue;
use crate::domain::ids::{
    CommentId, EvidenceId, FilterId, ImportId, InstrumentCode, ProposalId, ProvisionId, RecommendationId, RoundId,
    StateCode, StudyId, SubscriptionId, ThemeCode,
};
use crate::domain::users::Email;
use serde::Serialize;
use std::fmt;

/// An address on this site: a path, and maybe a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    /// The address with one more field in its query.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        let fragment = self.0.find('#').map(|at| self.0.split_off(at));
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        encode(&mut self.0, key);
        self.0.push('=');
        encode(&mut self.0, value);
        self.0.push_str(fragment.as_deref().unwrap_or(""));
        self
    }

    /// The same, unless there is nothing to say.
    #[must_use]
    pub fn with_some(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) if !value.is_empty() => self.with(key, value),
            _ => self,
        }
    }

    /// The address of a place on that page.
    #[must_use]
    pub fn at(mut self, id: &str) -> Self {
        self.0.push('#');
        encode(&mut self.0, id);
        self
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address that came from outside, if it is one of this site: a path, not another server.
    #[must_use]
    pub fn back_to(text: &str) -> Option<Self> {
        let plain = text.chars().all(|c| !c.is_control() && c != '\\');
        (plain && text.starts_with('/') && !text.starts_with("//")).then(|| Self(text.to_owned()))
    }

    /// The address of one of the program's own files.
    pub(super) fn asset(path: String) -> Self {
        Self(path)
    }

    fn path(segments: &[&str]) -> Self {
        let mut text = String::with_capacity(40);
        for segment in segments {
            text.push('/');
            encode(&mut text, segment);
        }
        Self(if text.is_empty() { "/".to_owned() } else { text })
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything but letters, digits and `-._~()` as `%XX`.
pub(in crate::web) fn encode(into: &mut String, text: &str) {
    use fmt::Write as _;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~()".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

/// What a table can be downloaded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated.
    Csv,
    /// A workbook.
    Xlsx,
    /// JSON.
    Json,
}

impl Format {
    /// Every one there is.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// As written in the address.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// As shown to people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Json => "JSON",
        }
    }
}

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),*) $pattern:literal = [$($segment:expr),*];)+) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name($($arg: $kind),*) -> Link {
                Link::path(&[$($segment),*])
            }
        )+
        /// The same addresses as the router knows them.
        pub mod patterns {
            $(
                $(#[$doc])*
                #[allow(non_upper_case_globals)]
                pub const $name: &str = $pattern;
            )+
            /// All of them.
            pub const ALL: &[&str] = &[$($pattern),+];
        }
    };
}

addresses! {
    /// The first page.
    home() "/" = [];
    /// Search over everything.
    search() "/search" = ["search"];
    /// Every state.
    states() "/states" = ["states"];
    /// One state.
    state(state: &StateCode) "/states/{state}" = ["states", state.as_str()];
    /// The obligations of a state.
    obligations(state: &StateCode) "/states/{state}/obligations" = ["states", state.as_str(), "obligations"];
    /// One obligation of a state.
    obligation(state: &StateCode, provision: &ProvisionId) "/states/{state}/obligations/{provision}" = ["states", state.as_str(), "obligations", provision.as_str()];
    /// Where the grade of an obligation is sent.
    grade(state: &StateCode, provision: &ProvisionId) "/states/{state}/obligations/{provision}/grade" = ["states", state.as_str(), "obligations", provision.as_str(), "grade"];
    /// Where a round of double coding is asked for.
    codings(state: &StateCode, provision: &ProvisionId) "/states/{state}/obligations/{provision}/codings" = ["states", state.as_str(), "obligations", provision.as_str(), "codings"];
    /// One round of double coding; gradings are sent here.
    coding(state: &StateCode, provision: &ProvisionId, round: &RoundId) "/states/{state}/obligations/{provision}/codings/{round}" = ["states", state.as_str(), "obligations", provision.as_str(), "codings", &round.to_string()];
    /// Where the decision on a round is sent.
    coding_decision(state: &StateCode, provision: &ProvisionId, round: &RoundId) "/states/{state}/obligations/{provision}/codings/{round}/decision" = ["states", state.as_str(), "obligations", provision.as_str(), "codings", &round.to_string(), "decision"];
    /// Where the end of a round is sent.
    coding_end(state: &StateCode, provision: &ProvisionId, round: &RoundId) "/states/{state}/obligations/{provision}/codings/{round}/end" = ["states", state.as_str(), "obligations", provision.as_str(), "codings", &round.to_string(), "end"];
    /// How far people who grade independently agree.
    agreement() "/agreement" = ["agreement"];
    /// Every coding study; where a new one is sent.
    studies() "/studies" = ["studies"];
    /// The form for a new study; where a file with cases is sent.
    new_study() "/studies/new" = ["studies", "new"];
    /// One study.
    study(id: &StudyId) "/studies/{study}" = ["studies", &id.to_string()];
    /// What it came to.
    study_results(id: &StudyId) "/studies/{study}/results" = ["studies", &id.to_string(), "results"];
    /// Every code of it, as a file.
    study_codes(id: &StudyId) "/studies/{study}/codes" = ["studies", &id.to_string(), "codes"];
    /// One case of it; where a code is sent.
    study_case(id: &StudyId, case: u32) "/studies/{study}/cases/{case}" = ["studies", &id.to_string(), "cases", &case.to_string()];
    /// Where it is sent what was settled about a case.
    settle_case(id: &StudyId, case: u32) "/studies/{study}/cases/{case}/settle" = ["studies", &id.to_string(), "cases", &case.to_string(), "settle"];
    /// Where it is sent that somebody has finished.
    finish_study(id: &StudyId) "/studies/{study}/finish" = ["studies", &id.to_string(), "finish"];
    /// Where the early end of a study is sent.
    end_study(id: &StudyId) "/studies/{study}/end" = ["studies", &id.to_string(), "end"];
    /// Where the cause of a gap is sent.
    cause(state: &StateCode, provision: &ProvisionId) "/states/{state}/obligations/{provision}/cause" = ["states", state.as_str(), "obligations", provision.as_str(), "cause"];
    /// Where the weights of all causes of a gap are sent.
    weigh(state: &StateCode, provision: &ProvisionId) "/states/{state}/obligations/{provision}/causes" = ["states", state.as_str(), "obligations", provision.as_str(), "causes"];
    /// Why the gaps of a state stay open.
    state_causes(state: &StateCode) "/states/{state}/causes" = ["states", state.as_str(), "causes"];
    /// Why gaps stay open, over the years: of a theme, a region, a state, or of all.
    causes() "/causes" = ["causes"];
    /// The gaps of a state.
    gaps(state: &StateCode) "/states/{state}/gaps" = ["states", state.as_str(), "gaps"];
    /// The gap summary of a state: the diplomat's page.
    summary(state: &StateCode) "/states/{state}/summary" = ["states", state.as_str(), "summary"];
    /// What a state owes and when.
    state_deadlines(state: &StateCode) "/states/{state}/deadlines" = ["states", state.as_str(), "deadlines"];
    /// The same for calendar programs.
    state_deadlines_feed(state: &StateCode) "/states/{state}/deadlines.ics" = ["states", state.as_str(), "deadlines.ics"];
    /// The evidence on a state.
    state_evidence(state: &StateCode) "/states/{state}/evidence" = ["states", state.as_str(), "evidence"];
    /// The form for new evidence.
    new_evidence(state: &StateCode) "/states/{state}/evidence/new" = ["states", state.as_str(), "evidence", "new"];
    /// The form for a treaty action.
    new_action(state: &StateCode) "/states/{state}/actions/new" = ["states", state.as_str(), "actions", "new"];
    /// The form for a report that was submitted or whose date was set.
    new_report(state: &StateCode) "/states/{state}/reports/new" = ["states", state.as_str(), "reports", "new"];
    /// One piece of evidence.
    evidence(id: &EvidenceId) "/evidence/{evidence}" = ["evidence", &id.to_string()];
    /// The form to change a piece of evidence.
    edit_evidence(id: &EvidenceId) "/evidence/{evidence}/edit" = ["evidence", &id.to_string(), "edit"];
    /// Where a review of it is sent.
    review_evidence(id: &EvidenceId) "/evidence/{evidence}/review" = ["evidence", &id.to_string(), "review"];
    /// Where a comment is sent.
    comments() "/comments" = ["comments"];
    /// Where it is sent who sees to a comment, or that it is settled.
    comment(id: &CommentId) "/comments/{comment}" = ["comments", &id.to_string()];
    /// Recommendations to a state.
    recommendations(state: &StateCode) "/states/{state}/recommendations" = ["states", state.as_str(), "recommendations"];
    /// One recommendation.
    recommendation(id: &RecommendationId) "/recommendations/{recommendation}" = ["recommendations", &id.to_string()];
    /// Where a status page of the depositary is compared with what is held.
    status_pages() "/sources/untc" = ["sources", "untc"];
    /// What status pages say otherwise than we do.
    proposals() "/sources/untc/proposals" = ["sources", "untc", "proposals"];
    /// One such proposal.
    proposal(id: &ProposalId) "/sources/untc/proposals/{proposal}" = ["sources", "untc", "proposals", &id.to_string()];
    /// Where it is sent that a proposal is accepted.
    accept_proposal(id: &ProposalId) "/sources/untc/proposals/{proposal}/accept" = ["sources", "untc", "proposals", &id.to_string(), "accept"];
    /// Where it is sent that a proposal is refused.
    refuse_proposal(id: &ProposalId) "/sources/untc/proposals/{proposal}/refuse" = ["sources", "untc", "proposals", &id.to_string(), "refuse"];
    /// Files handed in to be imported, and the form for another.
    imports() "/imports" = ["imports"];
    /// The workbook to start from, as `.xlsx`.
    import_template() "/imports/template" = ["imports", "template"];
    /// One file with its preview and what became of it.
    import(id: &ImportId) "/imports/{import}" = ["imports", &id.to_string()];
    /// Where the decision about a file is sent.
    decide_import(id: &ImportId) "/imports/{import}/decide" = ["imports", &id.to_string(), "decide"];
    /// The wrong rows of a file, as `.csv` or `.xlsx`.
    wrong_rows(id: &ImportId, noun: Noun) "/imports/{import}/wrong/{noun}" = ["imports", &id.to_string(), "wrong", noun.code()];
    /// All rows of one kind, as `.csv` or `.xlsx`.
    bulk_export(noun: Noun) "/exports/{noun}" = ["exports", noun.code()];
    /// Every instrument.
    instruments() "/instruments" = ["instruments"];
    /// One instrument.
    instrument(code: &InstrumentCode) "/instruments/{instrument}" = ["instruments", code.as_str()];
    /// Every theme.
    themes() "/themes" = ["themes"];
    /// One theme.
    theme(code: &ThemeCode) "/themes/{theme}" = ["themes", code.as_str()];
    /// What falls due in the world.
    deadlines() "/deadlines" = ["deadlines"];
    /// By year and by month.
    calendar() "/deadlines/calendar" = ["deadlines", "calendar"];
    /// The same for calendar programs.
    deadlines_feed() "/deadlines.ics" = ["deadlines.ics"];
    /// My subscriptions and reminders.
    reminders() "/reminders" = ["reminders"];
    /// Where a new subscription is sent.
    follow() "/reminders/follow" = ["reminders", "follow"];
    /// Where the end of a subscription is sent.
    unfollow(id: &SubscriptionId) "/reminders/follow/{subscription}/end" = ["reminders", "follow", &id.to_string(), "end"];
    /// Every reminder of everybody.
    ledger() "/reminders/ledger" = ["reminders", "ledger"];
    /// What waits for somebody who works here.
    desk() "/desk" = ["desk"];
    /// One queue of it; decisions about what waits for review are sent here.
    desk_queue(queue: Queue) "/desk/{queue}" = ["desk", queue.code()];
    /// Where a filter to be kept is sent.
    keep_filter() "/desk/filters" = ["desk", "filters"];
    /// Where the end of a kept filter is sent.
    forget_filter(id: &FilterId) "/desk/filters/{filter}/forget" = ["desk", "filters", &id.to_string(), "forget"];
    /// Themes against treaties: where a state is covered by evidence and grades.
    matrix(state: &StateCode) "/states/{state}/matrix" = ["states", state.as_str(), "matrix"];
    /// Where a file is sent.
    files() "/files" = ["files"];
    /// An uploaded file.
    file(sha256: &str, name: &str) "/files/{sha256}/{name}" = ["files", sha256, name];
    /// The timeline of one piece of evidence.
    history_of_evidence(id: &EvidenceId) "/history/evidence/{evidence}" = ["history", "evidence", &id.to_string()];
    /// What the link of a piece of evidence led to over time.
    history_of_link(id: &EvidenceId) "/history/links/{evidence}" = ["history", "links", &id.to_string()];
    /// The timeline of an obligation of a state.
    history_of_obligation(state: &StateCode, provision: &ProvisionId) "/history/obligations/{state}/{provision}" = ["history", "obligations", state.as_str(), provision.as_str()];
    /// The timeline of everything about a state.
    history_of_state(state: &StateCode) "/history/states/{state}" = ["history", "states", state.as_str()];
    /// The timeline of a state's participation in an instrument.
    history_of_participation(state: &StateCode, instrument: &InstrumentCode) "/history/participation/{state}/{instrument}" = ["history", "participation", state.as_str(), instrument.as_str()];
    /// The timeline of a study.
    history_of_study(id: &StudyId) "/history/studies/{study}" = ["history", "studies", &id.to_string()];
    /// The timeline of an account.
    history_of_account(email: &Email) "/history/accounts/{email}" = ["history", "accounts", email.as_str()];
    /// Signing in.
    sign_in() "/sign-in" = ["sign-in"];
    /// Where one signs in again with a form that was being sent.
    resume() "/sign-in/resume" = ["sign-in", "resume"];
    /// Where signing out is sent.
    sign_out() "/sign-out" = ["sign-out"];
    /// Whether the server runs.
    live() "/health/live" = ["health", "live"];
    /// Whether the server can be sent visitors.
    ready() "/health/ready" = ["health", "ready"];
    /// What crawlers may read.
    robots() "/robots.txt" = ["robots.txt"];
    /// Where a form that is sent again leads: to what the first sending did.
    sent(key: &str) "/sent/{key}" = ["sent", key];
    /// Method, sources and how sure.
    about() "/about" = ["about"];
}

/// The table of that page as a file: the same address with an ending, and the same filters.
#[must_use]
pub fn download(page: &Link, format: Format) -> Link {
    ending(page, format.extension())
}

/// The deadlines of that page for calendar programs, with the same filters.
#[must_use]
pub fn feed(page: &Link) -> Link {
    ending(page, "ics")
}

fn ending(page: &Link, extension: &str) -> Link {
    let (path, query) = page
        .as_str()
        .split_once('?')
        .map_or((page.as_str(), None), |(path, query)| (path, Some(query)));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Link(format!("{path}.{extension}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_break_out_of_its_place() {
        let link = states()
            .with("q", "Côte d’Ivoire & <x>#")
            .with_some("region", None)
            .at("top");
        assert_eq!(
            link.as_str(),
            "/states?q=C%C3%B4te%20d%E2%80%99Ivoire%20%26%20%3Cx%3E%23#top"
        );
        assert_eq!(home().as_str(), "/");
        assert_eq!(states().at("x").with("q", "1").as_str(), "/states?q=1#x");
    }

    #[test]
    fn a_table_keeps_its_filters_when_downloaded() {
        let page = states().with("region", "Africa");
        assert_eq!(download(&page, Format::Csv).as_str(), "/states.csv?region=Africa");
    }

    #[test]
    fn only_this_site_is_a_way_back() {
        assert!(Link::back_to("/states/MEX?x=1").is_some());
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\nb",
            "javascript:1",
            "\\\\evil",
        ] {
            assert_eq!(Link::back_to(elsewhere), None, "{elsewhere:?}");
        }
    }

    #[test]
    fn each_link_fits_its_pattern() {
        let state = "MEX".parse().expect("a state");
        let provision = "C97-6.1(A)".parse().expect("a provision");
        assert_eq!(
            obligation(&state, &provision).as_str(),
            "/states/MEX/obligations/C97-6.1(A)"
        );
        let fits = |link: &Link, pattern: &str| link.as_str().split('/').count() == pattern.split('/').count();
        assert!(fits(&grade(&state, &provision), patterns::grade));
        assert!(fits(&unfollow(&SubscriptionId::fresh()), patterns::unfollow));
        assert!(patterns::ALL.iter().all(|pattern| pattern.starts_with('/')));
    }
}
