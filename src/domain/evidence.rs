//! Evidence: a sourced, dated, graded observation about obligations. Attached once to a theme or to provisions, it serves
//! every obligation of that theme in force for the state.

use super::assessments::Grade;
use super::audit::{digest, sealed};
use super::dates::PartialDate;
use super::ids::{ProvisionId, StateCode, ThemeCode};
use super::instruments::{Confidence, Provision};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Declares an enum with the word that files, forms and answers use and the words that people read.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }
        impl $name {
            /// Every one, in the order of a form.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word in files and answers.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
            /// The words for people.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.code() == text).ok_or_else(|| {
                    let all: Vec<&str> = Self::ALL.iter().map(|value| value.code()).collect();
                    format!("“{text}” is not one of: {}", all.join(", "))
                })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What kind of source it is.
    SourceKind {
        /// A law or regulation.
        Law = "law", "law or regulation";
        /// A policy, plan or budget.
        Policy = "policy", "policy, plan or budget";
        /// A court decision.
        CourtDecision = "court_decision", "court decision";
        /// Statistics.
        Statistics = "statistics", "statistics";
        /// A report of the state.
        StateReport = "state_report", "report of the state";
        /// Concluding observations of a treaty body, or an observation of the ILO Committee of Experts.
        ConcludingObservations = "concluding_observations", "concluding observations";
        /// A special procedure of the Human Rights Council.
        SpecialProcedure = "special_procedure", "special procedure";
        /// Universal periodic review.
        Upr = "upr", "universal periodic review";
        /// A national human rights institution.
        Nhri = "nhri", "national human rights institution";
        /// An alternative report.
        AlternativeReport = "alternative_report", "alternative report";
        /// Media.
        Media = "media", "media";
        /// An interview.
        Interview = "interview", "interview";
        /// A questionnaire.
        Questionnaire = "questionnaire", "questionnaire";
        /// A field inquiry.
        FieldInquiry = "field_inquiry", "field inquiry";
    }
}

words! {
    /// Who speaks.
    AuthorRole {
        /// A state, speaking of itself or of another.
        State = "state", "state";
        /// A treaty body.
        TreatyBody = "treaty_body", "treaty body";
        /// A national human rights institution.
        Nhri = "nhri", "national human rights institution";
        /// Civil society.
        CivilSociety = "civil_society", "civil society";
        /// Academic.
        Academic = "academic", "academic";
        /// Media.
        Media = "media", "media";
        /// An agency of the United Nations.
        UnAgency = "un_agency", "agency of the United Nations";
    }
}

impl AuthorRole {
    /// Who speaks, in a sentence.
    #[must_use]
    pub fn speaker(self) -> &'static str {
        match self {
            Self::State => "a state",
            Self::TreatyBody => "a treaty body",
            Self::Nhri => "a national human rights institution",
            Self::CivilSociety => "civil society",
            Self::Academic => "an academic source",
            Self::Media => "the media",
            Self::UnAgency => "an agency of the United Nations",
        }
    }
}

words! {
    /// What it says of the obligation.
    Stance {
        /// The obligation is kept.
        Supports = "supports", "shows it is kept";
        /// The obligation is not kept.
        Contradicts = "contradicts", "shows it is not kept";
        /// Something in between, or a condition.
        Qualifies = "qualifies", "qualifies";
    }
}

words! {
    /// How directly it bears on the obligation. It is shown and filtered by; the combination rule weighs the reliability
    /// of the source and the credibility of the information, which are judged apart (METHOD, section 2).
    Strength {
        /// It speaks of exactly this duty.
        Strong = "strong", "strong: about exactly this duty";
        /// It speaks of part of it.
        Moderate = "moderate", "moderate: about part of it";
        /// It only hints.
        Weak = "weak", "weak: it only hints";
    }
}

words! {
    /// Structure, process or outcome (OHCHR, Human Rights Indicators, HR/PUB/12/5).
    IndicatorKind {
        /// Law and institutions; ages slowly.
        Structure = "structure", "law and institutions";
        /// What is done.
        Process = "process", "what is done";
        /// What comes of it; ages fast.
        Outcome = "outcome", "what comes of it";
    }
}

words! {
    /// Reliability of the source (Admiralty system).
    Reliability {
        /// Completely reliable.
        A = "A", "A: completely reliable";
        /// Usually reliable.
        B = "B", "B: usually reliable";
        /// Fairly reliable.
        C = "C", "C: fairly reliable";
        /// Not usually reliable.
        D = "D", "D: not usually reliable";
        /// Unreliable.
        E = "E", "E: unreliable";
        /// Cannot be judged.
        F = "F", "F: cannot be judged";
    }
}

words! {
    /// Credibility of the information (Admiralty system).
    Credibility {
        /// Confirmed by others.
        One = "1", "1: confirmed by other sources";
        /// Probably true.
        Two = "2", "2: probably true";
        /// Possibly true.
        Three = "3", "3: possibly true";
        /// Doubtful.
        Four = "4", "4: doubtful";
        /// Improbable.
        Five = "5", "5: improbable";
        /// Cannot be judged.
        Six = "6", "6: cannot be judged";
    }
}

impl Reliability {
    /// What it leaves of a finding, from 0 to 1 (METHOD, section 2).
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::A => 1.0,
            Self::B => 0.8,
            Self::C => 0.6,
            Self::D => 0.4,
            Self::E => 0.2,
            Self::F => 0.5,
        }
    }
}

/// One piece of evidence in its current revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The name by which people and files refer to it.
    pub key: String,
    /// The state it concerns.
    pub state: StateCode,
    /// A short title.
    pub title: String,
    /// What it shows, in our own words.
    pub gist: String,
    /// Kind of source.
    pub source_kind: SourceKind,
    /// Who speaks.
    pub author_role: AuthorRole,
    /// Language of the source (ISO 639-1).
    #[serde(default)]
    pub language: String,
    /// Where it can be read.
    #[serde(default)]
    pub link: String,
    /// UN document symbol or another citation.
    #[serde(default)]
    pub symbol: String,
    /// Paragraph or page.
    #[serde(default)]
    pub paragraph: String,
    /// Date of the facts, from.
    #[serde(default)]
    pub facts_from: Option<PartialDate>,
    /// Date of the facts, to.
    #[serde(default)]
    pub facts_to: Option<PartialDate>,
    /// Date of publication.
    #[serde(default)]
    pub published: Option<PartialDate>,
    /// What it says of the obligation.
    pub stance: Stance,
    /// How directly; none where nobody has judged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// The grade it supports, where it supports one.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Structure, process or outcome.
    pub kind: IndicatorKind,
    /// Of the source.
    pub reliability: Reliability,
    /// Of the information.
    pub credibility: Credibility,
    /// The first source behind it: copies of one origin count once.
    #[serde(default)]
    pub origin: String,
    /// The theme it is attached to.
    #[serde(default)]
    pub theme: Option<ThemeCode>,
    /// The provisions it is attached to, where a theme would be too wide.
    #[serde(default)]
    pub provisions: Vec<ProvisionId>,
    /// After this day it has to be looked at again: it expires, or it was to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<NaiveDate>,
    /// The file that was uploaded with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// Where we know it from.
    #[serde(default)]
    pub source: String,
    /// The date of that source.
    #[serde(default)]
    pub source_date: Option<PartialDate>,
    /// How sure we are that it is as described.
    pub confidence: Confidence,
}

/// The digest of what evidence without a key is known by; case and spaces do not count.
#[must_use]
pub fn likeness(state: &str, symbol: &str, paragraph: &str, title: &str) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    digest(&sealed(&[state, symbol, paragraph, title].map(plain)))
}

impl Evidence {
    /// Whether it speaks of that provision: of its theme, or of itself. Provisions, where given, are exact and the theme
    /// is then only a label.
    #[must_use]
    pub fn serves(&self, provision: &Provision) -> bool {
        speaks_of(self.theme.as_ref(), &self.provisions, provision)
    }

    /// By what it is known again where a file does not name its key: state, document, paragraph and title.
    #[must_use]
    pub fn likeness(&self) -> String {
        likeness(self.state.as_str(), &self.symbol, &self.paragraph, &self.title)
    }

    /// Whether the state speaks of itself: what another state recommended to it in the periodic review is not its own
    /// word.
    #[must_use]
    pub fn is_own_word(&self) -> bool {
        self.author_role == AuthorRole::State && self.source_kind != SourceKind::Upr
    }

    /// The first source behind it: copies of one origin count once.
    #[must_use]
    pub fn first_source(&self) -> &str {
        if self.origin.is_empty() {
            &self.key
        } else {
            &self.origin
        }
    }

    /// The date that counts for its age: of the facts, else of publication.
    #[must_use]
    pub fn date(&self) -> Option<PartialDate> {
        self.facts_to.or(self.facts_from).or(self.published)
    }

    /// Whether it was out by that date.
    #[must_use]
    pub fn known_on(&self, as_of: NaiveDate) -> bool {
        self.published
            .or(self.facts_to)
            .or(self.facts_from)
            .is_none_or(|date| date.earliest() <= as_of)
    }
}

/// A file of evidence, as its revision names it. The bytes are in the object store under their SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// SHA-256 of the bytes, in hexadecimal: the identity of the file.
    pub sha256: String,
    /// Its name, made safe.
    pub name: String,
    /// What it really is, such as `application/pdf`.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

/// What evidence is attached to, before the rest of it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// A theme.
    pub theme: Option<ThemeCode>,
    /// Provisions, where a theme would be too wide.
    pub provisions: Vec<ProvisionId>,
}

impl Attachment {
    /// Whether evidence attached so speaks of that provision.
    #[must_use]
    pub fn serves(&self, provision: &Provision) -> bool {
        speaks_of(self.theme.as_ref(), &self.provisions, provision)
    }
}

fn speaks_of(theme: Option<&ThemeCode>, provisions: &[ProvisionId], provision: &Provision) -> bool {
    if provisions.is_empty() {
        theme == Some(&provision.theme)
    } else {
        provisions.contains(&provision.id)
    }
}

fn in_no_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || super::texts::is_turning(c)
}

/// A link is empty or an `http(s)` address without spaces: anything else could run in a reader's browser.
///
/// # Errors
/// What is wrong with it.
pub fn check_link(link: &str) -> Result<(), String> {
    let host = link.split_once("://").and_then(|(scheme, host)| {
        let known = ["https", "http"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
        known.then_some(host)
    });
    match host {
        _ if link.is_empty() => Ok(()),
        Some(host) if !host.is_empty() && !link.contains(in_no_address) => Ok(()),
        _ => Err(format!(
            "“{link}” is not a web address: it starts with https:// and has no spaces"
        )),
    }
}
