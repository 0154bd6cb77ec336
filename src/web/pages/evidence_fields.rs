//! The questions of the form for evidence, in groups: explained before they ask.

use super::here::Here;
use crate::actions::evidence::EvidenceDraft;
use crate::domain::assessments::Grade;
use crate::domain::evidence::{
    Attachment, AuthorRole, Credibility, EvidenceFile, IndicatorKind, Reliability, SourceKind, Stance, Strength,
};
use crate::domain::files::TAKEN;
use crate::domain::obligations::Obligation;
use crate::web::view::evidence::FieldGroup;
use crate::web::view::forms::{Choice, Field};
use crate::web::view::parts::GradeMark;
use crate::web::view::words::provision_name;

/// The provisions of the theme in force, to be ticked.
pub(super) fn ticks(here: &Here, binding: &[Obligation<'_>], attached: &Attachment) -> Option<Field> {
    let theme = attached.theme.as_ref()?;
    let choices: Vec<Choice> = binding
        .iter()
        .filter(|one| one.provision.theme == *theme)
        .map(|one| {
            let name = provision_name(one.instrument, one.provision);
            Choice::new(one.provision.id.as_str(), format!("{name} {}", one.provision.label))
        })
        .collect();
    let chosen: Vec<&str> = attached.provisions.iter().map(|id| id.as_str()).collect();
    let hint = format!(
        "Tick provisions only if the whole theme would be too wide. With none ticked it serves all of them for {}.",
        here.name()
    );
    let field = Field::checks("provisions", "Only some provisions of the theme", choices, &chosen);
    (!field.choices.is_empty()).then(|| field.filter().id("ticked").hint(hint))
}

/// Every question, in the order of the form.
pub(super) fn fields(
    here: &Here,
    draft: &EvidenceDraft,
    binding: &[Obligation<'_>],
    attached: &Attachment,
    file: Option<&EvidenceFile>,
) -> Vec<Field> {
    let mut fields = vec![
        Field::hidden("key", &draft.key),
        Field::hidden("seen", &draft.seen),
        Field::hidden("file", &draft.file),
    ];
    fields.extend(content(draft));
    fields.extend(stance(draft));
    fields.extend(place(here, draft, binding, attached));
    fields.extend(source(draft));
    fields.extend(upload(file));
    fields.extend(judgement(draft));
    fields
}

/// What belongs together, and under which heading.
const GROUPS: [(&str, &str, &[&str]); 4] = [
    ("shows", "What it says", &["title", "gist", "stance", "grade", "kind"]),
    ("where", "What it serves", &["theme", "provisions"]),
    (
        "source",
        "Where it comes from",
        &[
            "symbol",
            "paragraph",
            "source_kind",
            "author_role",
            "link",
            "upload",
            "drop_file",
            "language",
            "published",
            "facts_from",
            "facts_to",
        ],
    ),
    (
        "sure",
        "How sure",
        &["strength", "reliability", "credibility", "review_by"],
    ),
];

/// The same questions in their groups; what is only sent along stays behind.
pub(super) fn groups(fields: &mut Vec<Field>) -> Vec<FieldGroup> {
    let mut all: Vec<Field> = fields.extract_if(.., |field| field.kind != "hidden").collect();
    let of = |(id, heading, names): (&'static str, &'static str, &[&str])| FieldGroup {
        id,
        heading,
        paired: ["source", "sure"].contains(&id),
        fields: all.extract_if(.., |field| names.contains(&field.name)).collect(),
    };
    GROUPS.map(of).into()
}

fn content(draft: &EvidenceDraft) -> Vec<Field> {
    vec![
        Field::line("text", "title", "Title", &draft.title)
            .hint("What it shows, in a few words, such as “Children held in detention stations”."),
        Field::text("gist", "What it shows", &draft.gist)
            .hint("Two or three sentences in your own words; do not copy a text. This is what readers will see."),
    ]
}

fn place(here: &Here, draft: &EvidenceDraft, binding: &[Obligation<'_>], attached: &Attachment) -> [Field; 2] {
    let themes = here
        .shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let themes = std::iter::once(Choice::new("", "choose a theme"))
        .chain(themes)
        .collect();
    let is_box = |text: &&String| {
        let id = text.trim();
        let of_theme = |one: &Obligation<'_>| attached.theme.as_ref() == Some(&one.provision.theme);
        binding
            .iter()
            .any(|one| of_theme(one) && one.provision.id.as_str().eq_ignore_ascii_case(id))
    };
    let typed: Vec<&str> = draft
        .provisions
        .iter()
        .filter(|text| !is_box(text))
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    [
        Field::select("theme", "Theme", themes, &draft.theme.trim().to_uppercase())
            .hint("The right it speaks of. The evidence then serves every provision on it, in every treaty in force."),
        Field::line("text", "provisions", "Or only these provisions", &typed.join(", "))
            .hint("Their names with commas between, such as ICRMW 16(4), CAT 3. Where provisions are given, only they are served.")
            .optional(),
    ]
}

fn source(draft: &EvidenceDraft) -> Vec<Field> {
    let kinds = SourceKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.words()));
    let roles = AuthorRole::ALL
        .iter()
        .map(|role| Choice::new(role.code(), role.words()));
    let first = |text: &str| std::iter::once(Choice::new("", text));
    vec![
        Field::line("text", "symbol", "Document", &draft.symbol)
            .hint("A UN symbol such as CMW/C/MEX/CO/3, or another citation. A symbol can be read: it fills in the kind, who says so and the link.")
            .optional()
            .width("medium"),
        Field::line("text", "paragraph", "Paragraph or page", &draft.paragraph)
            .optional()
            .width("short"),
        Field::select(
            "source_kind",
            "Kind of source",
            first("choose a kind").chain(kinds).collect(),
            &draft.source_kind,
        ),
        Field::select(
            "author_role",
            "Who says so",
            first("choose who").chain(roles).collect(),
            &draft.author_role,
        )
        .hint("What the state says, what civil society says and what a treaty body found are kept apart."),
        Field::line("url", "link", "Where it can be read", &draft.link)
            .hint("A web address that starts with https://")
            .optional(),
        Field::line("text", "language", "Language of the source", &draft.language)
            .hint("Two letters, such as es.")
            .optional()
            .width("short"),
        Field::line("text", "published", "Date of publication", &draft.published)
            .hint("As much as you know: 2025, 2025-03 or 2025-03-14. This date or the date of the facts is needed.")
            .optional()
            .width("short"),
        Field::line("text", "facts_from", "Date of the facts, from", &draft.facts_from)
            .optional()
            .width("short"),
        Field::line("text", "facts_to", "Date of the facts, to", &draft.facts_to)
            .optional()
            .width("short"),
    ]
}

/// With nothing chosen first.
fn choices<'a, T: 'a>(first: &str, all: &'a [T], choice: impl Fn(&'a T) -> Choice + 'a) -> Vec<Choice> {
    std::iter::once(Choice::new("", first))
        .chain(all.iter().map(choice))
        .collect()
}

/// Where a file is chosen; with the one that is attached, and the way to take it off.
fn upload(file: Option<&EvidenceFile>) -> Vec<Field> {
    let hint = match file {
        Some(file) => format!(
            "“{}” ({}) is attached. Choose another one to put it in its place.",
            file.name,
            size(file.size)
        ),
        None => format!("One file of at most 50 MB: {TAKEN}. Photos lose their location and camera data."),
    };
    let upload = Field::line("file", "upload", "File", "").hint(hint).optional();
    let drop = file.map(|_| {
        let take_off = vec![Choice::new("1", "Take the file off")];
        Field::checks("drop_file", "Attached file", take_off, &[]).filter()
    });
    std::iter::once(upload).chain(drop).collect()
}

/// Bytes as people say them.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn stance(draft: &EvidenceDraft) -> [Field; 3] {
    let stances = Stance::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.words()))
        .collect();
    let kinds = IndicatorKind::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.words()))
        .collect();
    let grades = choices("it supports no grade", &Grade::ALL, |grade| {
        let mut choice = Choice::new(grade.number().to_string(), grade.words()).hint(grade.test());
        choice.grade = Some(GradeMark::decided(Some(*grade)));
        choice
    });
    [
        Field::radio("stance", "What it says of the obligations", stances, &draft.stance),
        Field::radio("grade", "The grade it supports, if any", grades, &draft.grade).filter(),
        Field::radio("kind", "What it is about", kinds, &draft.kind)
            .hint("Law ages slowly, outcomes fast: a suggestion weighs them so."),
    ]
}

fn judgement(draft: &EvidenceDraft) -> [Field; 4] {
    let strengths = choices("not judged", Strength::ALL, |one| Choice::new(one.code(), one.words()));
    let reliable = choices("choose", Reliability::ALL, |one| Choice::new(one.code(), one.words()));
    let credible = choices("choose", Credibility::ALL, |one| Choice::new(one.code(), one.words()));
    [
        Field::select("strength", "Strength", strengths, &draft.strength)
            .hint("How directly it speaks of the obligations it serves.")
            .optional(),
        Field::select("reliability", "Reliability of the source", reliable, &draft.reliability)
            .hint("How much this source could be relied on until now, whatever it says here."),
        Field::select(
            "credibility",
            "Credibility of the information",
            credible,
            &draft.credibility,
        )
        .hint("How likely this piece of information is true, whoever says it."),
        Field::line("text", "review_by", "Look at it again by", &draft.review_by)
            .hint("A day such as 2027-06-30: when it expires, or should be checked. It then comes back to the desk.")
            .optional()
            .width("short"),
    ]
}
