//! Document symbols of the United Nations: `CMW/C/MEX/CO/3` says which body wrote it, about which state, what it is and
//! in which reporting cycle. Whatever is no symbol is a citation and left alone; a symbol with an impossible part is
//! answered with what was probably meant.

mod council;
mod parts;
mod treaty_bodies;

use super::evidence::{AuthorRole, SourceKind, words};
use super::ids::StateCode;
use super::reference::Unknown;
use parts::Parts;
use serde::{Deserialize, Serialize};

/// Where the official document of a symbol is found, in English.
const OFFICIAL: &str = "https://docs.un.org/en/";

words! {
    /// Whose document it is.
    Body {
        /// Under the International Covenant on Civil and Political Rights.
        Ccpr = "CCPR", "Human Rights Committee";
        /// Under the International Covenant on Economic, Social and Cultural Rights.
        Cescr = "CESCR", "Committee on Economic, Social and Cultural Rights";
        /// Under the convention against racial discrimination.
        Cerd = "CERD", "Committee on the Elimination of Racial Discrimination";
        /// Under the convention on discrimination against women.
        Cedaw = "CEDAW", "Committee on the Elimination of Discrimination against Women";
        /// Under the Convention against Torture.
        Cat = "CAT", "Committee against Torture";
        /// Under its Optional Protocol.
        Spt = "CAT/OP", "Subcommittee on Prevention of Torture";
        /// Under the Convention on the Rights of the Child and its protocols.
        Crc = "CRC", "Committee on the Rights of the Child";
        /// Under the convention on persons with disabilities.
        Crpd = "CRPD", "Committee on the Rights of Persons with Disabilities";
        /// Under the convention on enforced disappearance.
        Ced = "CED", "Committee on Enforced Disappearances";
        /// Under the convention on migrant workers.
        Cmw = "CMW", "Committee on Migrant Workers";
        /// Documents that the treaty bodies share.
        Hri = "HRI", "human rights treaty bodies together";
        /// Since 2006.
        HumanRightsCouncil = "A/HRC", "Human Rights Council";
        /// Until 2006.
        HumanRightsCommission = "E/CN.4", "Commission on Human Rights";
        /// The General Assembly.
        GeneralAssembly = "A", "General Assembly";
    }
}

words! {
    /// What kind of document it is.
    DocumentKind {
        /// What a committee found.
        ConcludingObservations = "concluding_observations", "concluding observations";
        /// A report of the state.
        Report = "report", "report of the state";
        /// Questions on a report.
        ListOfIssues = "list_of_issues", "list of issues";
        /// Questions instead of a report.
        ListOfIssuesPrior = "list_of_issues_prior", "list of issues prior to reporting";
        /// The state's answers.
        Replies = "replies", "replies of the state";
        /// What the state did since.
        FollowUp = "follow_up", "follow-up information of the state";
        /// What the state is in general.
        CoreDocument = "core_document", "core document of the state";
        /// What an article means.
        GeneralComment = "general_comment", "general comment";
        /// On a complaint.
        Decision = "decision", "decision on a complaint";
        /// Of the Subcommittee.
        VisitReport = "visit_report", "report on a visit";
        /// The state's own report to the periodic review.
        UprNationalReport = "upr_national_report", "national report to the universal periodic review";
        /// What the United Nations know.
        UprCompilation = "upr_compilation", "compilation of United Nations information";
        /// What others know.
        UprSummary = "upr_summary", "summary of what others sent in";
        /// What other states recommended.
        UprReport = "upr_report", "report of the Working Group on the Universal Periodic Review";
        /// What the state accepted.
        UprReplies = "upr_replies", "views of the state under review";
        /// Of an independent expert or working group.
        SpecialProcedure = "special_procedure", "report of a special procedure";
        /// A resolution or decision.
        Resolution = "resolution", "resolution or decision";
        /// Anything else.
        Other = "other", "another document";
    }
}

impl DocumentKind {
    /// The kind of source that evidence from such a document has, where that is certain.
    #[must_use]
    pub fn source_kind(self) -> Option<SourceKind> {
        match self {
            Self::ConcludingObservations => Some(SourceKind::ConcludingObservations),
            Self::Report | Self::Replies | Self::FollowUp | Self::CoreDocument => Some(SourceKind::StateReport),
            Self::UprNationalReport | Self::UprCompilation | Self::UprSummary | Self::UprReport | Self::UprReplies => {
                Some(SourceKind::Upr)
            }
            Self::SpecialProcedure => Some(SourceKind::SpecialProcedure),
            Self::ListOfIssues
            | Self::ListOfIssuesPrior
            | Self::GeneralComment
            | Self::Decision
            | Self::VisitReport
            | Self::Resolution
            | Self::Other => None,
        }
    }

    /// Who speaks in such a document, where that is certain. A recommendation of the periodic review is made by states.
    #[must_use]
    pub fn author_role(self) -> Option<AuthorRole> {
        match self {
            Self::ConcludingObservations
            | Self::ListOfIssues
            | Self::ListOfIssuesPrior
            | Self::GeneralComment
            | Self::Decision
            | Self::VisitReport => Some(AuthorRole::TreatyBody),
            Self::Report
            | Self::Replies
            | Self::FollowUp
            | Self::CoreDocument
            | Self::UprNationalReport
            | Self::UprReport
            | Self::UprReplies => Some(AuthorRole::State),
            Self::UprCompilation | Self::SpecialProcedure => Some(AuthorRole::UnAgency),
            Self::UprSummary => Some(AuthorRole::CivilSociety),
            Self::Resolution | Self::Other => None,
        }
    }
}

/// A symbol that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Whose document it is.
    pub body: Body,
    /// The state it is about, where the symbol says so and we have it.
    pub state: Option<StateCode>,
    /// What it is.
    pub document: DocumentKind,
    /// The reporting cycle or the number, such as `3` or `5-6`; empty where there is none.
    pub cycle: String,
    /// The symbol as the United Nations write it.
    pub text: String,
}

impl Symbol {
    /// The kind of source, where the symbol makes it certain.
    #[must_use]
    pub fn source_kind(&self) -> Option<SourceKind> {
        self.document.source_kind()
    }

    /// Who speaks, where the symbol makes it certain.
    #[must_use]
    pub fn author_role(&self) -> Option<AuthorRole> {
        self.document.author_role()
    }

    /// The address of the official document.
    #[must_use]
    pub fn link(&self) -> String {
        format!("{OFFICIAL}{}", self.text)
    }
}

/// What a citation turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A symbol of the United Nations.
    Symbol(Symbol),
    /// Something else, such as the number of a law: not understood, and no error.
    Citation,
}

impl Reading {
    /// The symbol, if it is one.
    #[must_use]
    pub fn symbol(self) -> Option<Symbol> {
        match self {
            Self::Symbol(symbol) => Some(symbol),
            Self::Citation => None,
        }
    }
}

/// A part that no symbol can have at that place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{part}” in {symbol} {why}")]
pub struct ImpossiblePart {
    /// The whole symbol.
    pub symbol: String,
    /// The part.
    pub part: String,
    /// What is wrong with it and what was probably meant.
    pub why: String,
}

/// Reads a citation. `states` finds a state by its code, such as [`find_state`](super::reference::Reference::find_state).
/// Words behind the symbol (`CMW/C/MEX/CO/3, para. 34`) are passed over.
///
/// # Errors
/// [`ImpossiblePart`] when it is built like a symbol and cannot be one.
pub fn read(text: &str, states: &dyn Fn(&str) -> Result<StateCode, Unknown>) -> Result<Reading, ImpossiblePart> {
    let Some(parts) = Parts::of(text) else {
        return Ok(Reading::Citation);
    };
    let names: Vec<&str> = parts.names.iter().map(String::as_str).collect();
    let symbol = match names.as_slice() {
        ["E", "C.12", rest @ ..] => treaty_bodies::read(&parts, Body::Cescr, rest, states)?,
        ["CAT", "OP", rest @ ..] => treaty_bodies::read(&parts, Body::Spt, rest, states)?,
        [body, "C", rest @ ..] => match committee(body) {
            Some(body) => treaty_bodies::read(&parts, body, rest, states)?,
            None => return unknown_body(&parts, body, rest, states),
        },
        ["HRI", rest @ ..] => treaty_bodies::shared(&parts, rest, states)?,
        ["A", "HRC", rest @ ..] => council::read(&parts, rest, states)?,
        ["E", "CN.4", rest @ ..] => council::commission(&parts, rest),
        ["A", rest @ ..] => council::assembly(&parts, rest),
        _ => None,
    };
    Ok(symbol.map_or(Reading::Citation, Reading::Symbol))
}

const COMMITTEES: [Body; 8] = [
    Body::Ccpr,
    Body::Cerd,
    Body::Cedaw,
    Body::Cat,
    Body::Crc,
    Body::Crpd,
    Body::Ced,
    Body::Cmw,
];

fn committee(name: &str) -> Option<Body> {
    COMMITTEES.into_iter().find(|body| body.code() == name)
}

/// `CMV/C/MEX/CO/3` can only be a slip; `AB/C/12` may be anything.
fn unknown_body(
    parts: &Parts,
    body: &str,
    rest: &[&str],
    states: &dyn Fn(&str) -> Result<StateCode, Unknown>,
) -> Result<Reading, ImpossiblePart> {
    match rest {
        [state, _, ..] if states(state).is_ok_and(|code| code.as_str() == *state) => {
            let names: Vec<&str> = COMMITTEES.iter().map(|body| body.code()).collect();
            let meant = parts::nearest(body, &names);
            Err(parts.impossible(body, format!("is no treaty body{meant}")))
        }
        _ => Ok(Reading::Citation),
    }
}

#[cfg(test)]
mod tests;
