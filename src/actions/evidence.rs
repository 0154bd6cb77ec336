//! Evidence is entered once and then serves every obligation of its theme.

use super::{ActionError, Doing, Fields};
use crate::domain::assessments::Grade;
use crate::domain::dates::PartialDate;
use crate::domain::evidence::{Attachment, Evidence, EvidenceFile, Stance, check_link};
use crate::domain::ids::{EvidenceId, ProvisionId, ThemeCode};
use crate::domain::instruments::Confidence;
use crate::domain::languages::read_language;
use crate::domain::reference::{Reference, provisions_in};
use crate::domain::reviews::{ReviewMove, ReviewStatus, ReviewStep};
use crate::store::evidence::{self as store, NewRevision};
use crate::store::{Db, StoreError, Tx, files, links, reviews};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Evidence as somebody typed it: every field is text, so that a form can show it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct EvidenceDraft {
    /// A name chosen by the sender; the same name twice makes one item, so a double click or a retry does no harm.
    pub key: String,
    /// State, by code or name.
    pub state: String,
    /// Short title.
    pub title: String,
    /// What it shows, in own words.
    pub gist: String,
    /// Kind of source.
    pub source_kind: String,
    /// Who speaks.
    pub author_role: String,
    /// Language of the source.
    pub language: String,
    /// Where it can be read.
    pub link: String,
    /// UN document symbol or another citation.
    pub symbol: String,
    /// Paragraph or page.
    pub paragraph: String,
    /// Date of the facts, from.
    pub facts_from: String,
    /// Date of the facts, to.
    pub facts_to: String,
    /// Date of publication.
    pub published: String,
    /// `supports`, `contradicts` or `qualifies`.
    pub stance: String,
    /// `strong`, `moderate` or `weak`; empty where it was not judged.
    pub strength: String,
    /// `0` to `4`, or empty.
    pub grade: String,
    /// `structure`, `process` or `outcome`.
    pub kind: String,
    /// `A` to `F`.
    pub reliability: String,
    /// `1` to `6`.
    pub credibility: String,
    /// Theme code.
    pub theme: String,
    /// Provision ids, where a theme would be too wide.
    pub provisions: Vec<String>,
    /// The day after which it has to be looked at again, or empty.
    pub review_by: String,
    /// SHA-256 of a file that was uploaded before, or empty.
    pub file: String,
    /// `draft` to go on writing later; `submit`, or empty, to hand it in for review.
    pub then: String,
    /// The revision that the writer saw, where an item is changed.
    pub seen: String,
}

/// Longest key.
pub(super) const LONGEST_KEY: usize = 50;

impl EvidenceDraft {
    /// What the draft is attached to so far: for a look at what it will serve, before the rest is filled in.
    ///
    /// # Errors
    /// When the theme or a provision is unknown.
    pub fn attachment(&self, reference: &Reference) -> Result<Attachment, ActionError> {
        let mut fields = Fields::default();
        let (theme, provisions) = (
            self.theme(&mut fields, reference),
            self.provisions(&mut fields, reference),
        );
        let found = theme
            .zip(provisions)
            .map(|(theme, provisions)| Attachment { theme, provisions });
        fields.finish(found)
    }

    fn theme(&self, fields: &mut Fields, reference: &Reference) -> Option<Option<ThemeCode>> {
        fields.optional("theme", &self.theme, |text| {
            reference.find_theme(text).map(|t| t.code.clone())
        })
    }

    fn fields(&self, fields: &mut Fields, reference: &Reference, today: NaiveDate) -> Option<Evidence> {
        let state = fields.needed("state", &self.state, |text| {
            reference.find_state(text).map(|s| s.iso3.clone())
        });
        let key = self.key(fields);
        let (title, gist) = (fields.text("title", &self.title, 200), fields.prose("gist", &self.gist));
        let source_kind = fields.needed("source_kind", &self.source_kind, str::parse);
        let author_role = fields.needed("author_role", &self.author_role, str::parse);
        let stance = fields.needed("stance", &self.stance, str::parse::<Stance>);
        let kind = fields.needed("kind", &self.kind, str::parse);
        let reliability = fields.needed("reliability", &self.reliability, str::parse);
        let credibility = fields.needed("credibility", &self.credibility, str::parse);
        let strength = fields.optional("strength", &self.strength, str::parse);
        let review_by = fields.optional("review_by", &self.review_by, |text| {
            text.parse::<NaiveDate>()
                .map_err(|_| format!("“{text}” is not a day such as 2027-06-30"))
        });
        if review_by.flatten().is_some_and(|day| day < today) {
            fields.wrong("review_by", "lies in the past; give a day that is still to come");
        }
        let grade = fields.optional("grade", &self.grade, read_grade);
        if let (Some(stance), Some(Some(grade))) = (stance, grade)
            && let Some(why) = contradiction(stance, grade)
        {
            fields.wrong("grade", why);
        }
        let link = fields.optional("link", &self.link, |text| check_link(text).map(|()| text.to_owned()));
        let symbol = fields.maybe("symbol", &self.symbol, 120);
        let paragraph = fields.maybe("paragraph", &self.paragraph, 120);
        let language = fields.optional("language", &self.language, read_language);
        let published = self.past(fields, "published", &self.published, today);
        let facts_from = self.past(fields, "facts_from", &self.facts_from, today);
        let facts_to = self.past(fields, "facts_to", &self.facts_to, today);
        if let (Some(Some(from)), Some(Some(to))) = (facts_from, facts_to)
            && to.latest() < from.earliest()
        {
            fields.wrong("facts_to", format!("{to} is before {from}"));
        }
        if self.published.trim().is_empty() && self.facts_from.trim().is_empty() && self.facts_to.trim().is_empty() {
            fields.wrong(
                "published",
                "give the date of publication or of the facts; a year is enough",
            );
        }
        let theme = self.theme(fields, reference);
        let provisions = self.provisions(fields, reference);
        if self.theme.trim().is_empty() && self.provisions.iter().all(|id| id.trim().is_empty()) {
            fields.wrong("theme", "choose a theme, or one or more provisions");
        }
        let symbol = symbol?;
        Some(Evidence {
            key: key?,
            state: state?,
            title: title?,
            gist: gist?,
            source_kind: source_kind?,
            author_role: author_role?,
            language: language?.unwrap_or_default(),
            link: link?.unwrap_or_default(),
            origin: symbol.clone(),
            symbol,
            paragraph: paragraph?,
            facts_from: facts_from?,
            facts_to: facts_to?,
            published: published?,
            stance: stance?,
            strength: strength?,
            grade: grade?,
            kind: kind?,
            reliability: reliability?,
            credibility: credibility?,
            theme: theme?,
            provisions: provisions?,
            review_by: review_by?,
            file: None,
            source: "entered".to_owned(),
            source_date: Some(PartialDate::Day(today)),
            confidence: Confidence::Medium,
        })
    }

    /// Never mended in silence: two keys that differ would become one.
    fn key(&self, fields: &mut Fields) -> Option<String> {
        let key = fields.optional("key", &self.key, |key| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let usable = key.len() <= LONGEST_KEY && key.chars().all(plain);
            let why = || {
                format!(
                    "“{}” is not a key: at most {LONGEST_KEY} letters (A to Z), digits, - and _",
                    key
                )
            };
            usable.then(|| key.to_owned()).ok_or_else(why)
        })?;
        Some(key.unwrap_or_else(|| format!("E-{}", EvidenceId::fresh())))
    }

    fn past(
        &self,
        fields: &mut Fields,
        field: &'static str,
        text: &str,
        today: NaiveDate,
    ) -> Option<Option<PartialDate>> {
        let date = fields.optional(field, text, |text| {
            text.parse::<PartialDate>()
                .map_err(|error| format!("{error}, YYYY-MM or YYYY"))
        })?;
        if date.is_some_and(|date| date.earliest().year() < EARLIEST) {
            fields.wrong(field, format!("lies before {EARLIEST}; is the year right?"));
        }
        if date.is_some_and(|date| date.earliest() > today) {
            fields.wrong(field, "lies in the future");
        }
        Some(date)
    }

    fn provisions(&self, fields: &mut Fields, reference: &Reference) -> Option<Vec<ProvisionId>> {
        let given = self.provisions.iter().flat_map(|text| provisions_in(text));
        let found = given.map(|text| {
            fields.needed("provisions", text, |t| {
                reference.find_provision(t).map(|(_, p)| p.id.clone())
            })
        });
        let mut ids = found.collect::<Option<Vec<_>>>()?;
        ids.sort();
        ids.dedup();
        Some(ids)
    }
}

/// Nothing that is evidence today happened before.
const EARLIEST: i32 = 1900;

/// Why what evidence shows and the grade it supports cannot both be meant.
fn contradiction(stance: Stance, grade: Grade) -> Option<String> {
    let against = match stance {
        Stance::Supports => grade <= Grade::NotInPlace,
        Stance::Contradicts => grade == Grade::FullyInPlace,
        Stance::Qualifies => false,
    };
    let why = || {
        format!(
            "“{}” goes against “{}” above: change one of them",
            grade.words(),
            stance.words()
        )
    };
    against.then(why)
}

/// Reads `0` to `4`.
pub(crate) fn read_grade(text: &str) -> Result<Grade, String> {
    let number = text.parse::<u8>().ok();
    number
        .and_then(Grade::from_number)
        .ok_or_else(|| format!("“{text}” is not a grade: 0, 1, 2, 3 or 4"))
}

impl EvidenceDraft {
    fn status(&self, fields: &mut Fields) -> ReviewStatus {
        match self.then.trim() {
            "draft" => ReviewStatus::Draft,
            "" | "submit" => ReviewStatus::Submitted,
            other => {
                fields.wrong("then", format!("“{other}” is not one of: draft, submit"));
                ReviewStatus::Draft
            }
        }
    }

    /// A change keeps the key of its item, whatever that is.
    pub(super) fn without_key(&self) -> Self {
        Self {
            key: String::new(),
            ..self.clone()
        }
    }

    /// The evidence and where it is to stand, or every field that is wrong.
    pub(super) fn whole(
        &self,
        reference: &Reference,
        today: NaiveDate,
    ) -> Result<(Evidence, ReviewStatus), ActionError> {
        let mut fields = Fields::default();
        let status = self.status(&mut fields);
        let draft = self.filled(reference);
        draft.check_symbol(&mut fields, reference);
        let evidence = draft.fields(&mut fields, reference, today);
        Ok((fields.finish(evidence)?, status))
    }
}

/// Adds evidence, as a draft or handed in for review. The same key twice gives the first item back and writes nothing.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when the key names something else.
pub async fn add(
    db: &Db,
    reference: &Reference,
    doing: Doing<'_>,
    draft: &EvidenceDraft,
) -> Result<EvidenceId, ActionError> {
    let (mut evidence, status) = draft.whole(reference, doing.today())?;
    evidence.file = file_of(db, draft, None).await?;
    if let Some(id) = same(db, &evidence).await? {
        return Ok(id);
    }
    let new = NewRevision {
        id: EvidenceId::fresh(),
        revision: 1,
        evidence,
    };
    let tx = doing.begin(db).await?;
    if let Err(StoreError::Duplicate(_)) = write(&tx, doing, &new, status, "evidence.add").await {
        drop(tx);
        return same(db, &new.evidence)
            .await?
            .ok_or_else(|| ActionError::Conflict("please send it again".to_owned()));
    }
    tx.commit().await?;
    Ok(new.id)
}

/// Writes a new revision of an item. What was accepted stays as it was and counts until this one is accepted.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when somebody else changed it since the
/// writer read it, or it waits for review.
pub async fn revise(
    db: &Db,
    reference: &Reference,
    doing: Doing<'_>,
    id: EvidenceId,
    draft: &EvidenceDraft,
) -> Result<i32, ActionError> {
    let (mut evidence, status) = draft.without_key().whole(reference, doing.today())?;
    let before = store::latest(db, id).await?;
    evidence.file = file_of(db, draft, before.and_then(|held| held.evidence.file)).await?;
    let tx = doing.begin(db).await?;
    let held = store::latest_in(&tx, id).await?;
    let held = held.ok_or_else(|| ActionError::Conflict("there is no such evidence any more".to_owned()))?;
    if draft.seen.trim() != held.revision.to_string() {
        return Err(ActionError::Conflict(CHANGED.to_owned()));
    }
    if !held.status.is_open_to_change() {
        return Err(ActionError::Conflict(WAITS.to_owned()));
    }
    if evidence.state != held.evidence.state {
        let why = format!(
            "this evidence is about {}; add new evidence for another state",
            held.evidence.state
        );
        return Fields::default().refuse("state", why);
    }
    evidence.key.clone_from(&held.evidence.key);
    evidence.file = held
        .evidence
        .file
        .clone()
        .filter(|file| file.sha256 == draft.file.trim());
    evidence.origin = origin_of(&held.evidence, &evidence);
    let new = NewRevision {
        id,
        revision: held.revision + 1,
        evidence,
    };
    write(&tx, doing, &new, status, "evidence.revise").await?;
    tx.commit().await?;
    Ok(new.revision)
}

/// The file that the draft names: as the revision before has it, or as it was uploaded.
async fn file_of(
    db: &Db,
    draft: &EvidenceDraft,
    before: Option<EvidenceFile>,
) -> Result<Option<EvidenceFile>, ActionError> {
    let sha256 = draft.file.trim();
    if sha256.is_empty() {
        return Ok(None);
    }
    if let Some(same) = before.filter(|file| file.sha256 == sha256) {
        return Ok(Some(same));
    }
    match files::by_hash(db, sha256).await? {
        Some(file) => Ok(Some(file)),
        None => Fields::default().refuse("file", "there is no file with this SHA-256; upload it first"),
    }
}
/// What is said when an item is changed while it waits for review.
pub(super) const WAITS: &str =
    "this revision waits for review; its author can take it back, or a reviewer can return it";

/// What is said when two people change one item.
pub const CHANGED: &str =
    "somebody else changed this evidence while you were writing; both versions are below, put them together";

/// The first source behind it: as it was, unless the document was changed.
pub(super) fn origin_of(before: &Evidence, now: &Evidence) -> String {
    if before.symbol == now.symbol {
        before.origin.clone()
    } else {
        now.origin.clone()
    }
}

async fn write(
    tx: &Tx,
    doing: Doing<'_>,
    new: &NewRevision,
    status: ReviewStatus,
    action: &str,
) -> Result<(), StoreError> {
    store::save(tx, std::slice::from_ref(new), status, doing.actor, doing.now).await?;
    if status == ReviewStatus::Submitted {
        let step = ReviewStep {
            evidence: new.id,
            revision: new.revision,
            step: ReviewMove::Submit,
            by: doing.actor.to_owned(),
            at: doing.now,
            remark: String::new(),
        };
        reviews::add(tx, &step).await?;
    }
    // The link of a draft is nobody's business yet.
    if status != ReviewStatus::Draft {
        links::register(tx, &[new.evidence.link.as_str()], doing.now).await?;
    }
    let subject = format!("{}/{}", new.evidence.state, new.id);
    let detail = json!({ "revision": new.revision, "status": status, "evidence": new.evidence });
    doing.note(tx, action, &subject, None, detail).await
}

async fn same(db: &Db, evidence: &Evidence) -> Result<Option<EvidenceId>, ActionError> {
    let Some(held) = store::by_key(db, &evidence.key).await? else {
        return Ok(None);
    };
    if held.evidence.state == evidence.state && held.evidence.title == evidence.title {
        return Ok(Some(held.id));
    }
    Err(ActionError::Conflict(format!(
        "the key “{}” already names “{}”",
        evidence.key, held.evidence.title
    )))
}
