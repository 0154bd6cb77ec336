//! A reminder as subject, plain text and HTML, in its reader's language.

use super::words::{Speaker, Value, Words};
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::reference::Reference;
use crate::domain::reminders::{DeadlineKey, Revision};
use crate::domain::users::{Language, User};
use crate::templates::{TemplateError, Templates};
use chrono::NaiveDate;
use serde::Serialize;

/// One message about one deadline to one person.
#[derive(Debug, Clone)]
pub struct ReminderMail {
    /// To whom, and in which language.
    pub to: User,
    /// What is due.
    pub revision: Revision,
    /// Today's date where the reader is.
    pub today: NaiveDate,
    /// The Message-ID without its angle brackets.
    pub message_id: String,
}

/// A message as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Where the reader ends these messages.
    pub stop_url: String,
}

#[derive(Debug, Serialize)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Link {
    label: String,
    url: String,
}

/// What the templates of `templates/mail/reminder/` get.
#[derive(Debug, Serialize)]
struct View {
    lang: &'static str,
    colon: &'static str,
    subject: String,
    greeting: String,
    lead: String,
    facts: Vec<Fact>,
    deadlines: Link,
    if_sent: String,
    why: String,
    stop: Link,
    automatic: String,
}

/// What a message is made with.
#[derive(Debug, Clone)]
pub(super) struct Renderer {
    pub(super) templates: Templates,
    pub(super) words: Words,
    pub(super) base_url: String,
}

impl Renderer {
    /// The message in its reader's language.
    pub(super) fn reminder(&self, mail: &ReminderMail, names: &Reference) -> Result<Rendered, TemplateError> {
        let view = self.view(mail, names);
        let render = |part: &str| self.templates.render(&format!("mail/reminder/{part}"), &view);
        Ok(Rendered {
            subject: one_line(&render("subject.txt")?),
            text: render("body.txt")?,
            html: render("body.html")?,
            stop_url: view.stop.url.clone(),
        })
    }

    fn view(&self, mail: &ReminderMail, names: &Reference) -> View {
        let speaker = self.words.speaking(mail.to.language);
        let say = |key: &str| speaker.say(key, &[]);
        let key = &mail.revision.key;
        let url = |path: String| format!("{}{path}", self.base_url);
        View {
            lang: speaker.language.as_str(),
            colon: if speaker.language == Language::French {
                "\u{a0}:"
            } else {
                ":"
            },
            subject: subject(speaker, mail, names),
            greeting: speaker.say("greeting", &[("name", Value::Text(&one_line(&mail.to.name)))]),
            lead: lead(speaker, mail),
            facts: facts(speaker, mail, names),
            deadlines: Link {
                label: say("open-deadlines"),
                url: url(format!("/states/{}/deadlines", key.state)),
            },
            if_sent: say("if-sent"),
            why: say("why"),
            stop: Link {
                label: say("stop"),
                url: url("/reminders".to_owned()),
            },
            automatic: say("automatic"),
        }
    }
}

fn subject(speaker: Speaker<'_>, mail: &ReminderMail, names: &Reference) -> String {
    let DeadlineKey {
        state,
        instrument,
        report,
    } = &mail.revision.key;
    let (report, date) = (speaker.report(report), speaker.date(mail.revision.due));
    let treaty = names
        .instrument(instrument)
        .map(|known| known.short.in_language(speaker.language.as_str()));
    let args = [
        ("state", Value::Text(state_name(names, state, speaker.language))),
        ("treaty", Value::Text(treaty.unwrap_or(instrument.as_str()))),
        ("code", Value::Text(instrument.as_str())),
        ("report", Value::Text(&report)),
        ("date", Value::Text(&date)),
    ];
    one_line(&speaker.say(&format!("subject-{}", moment(mail)), &args))
}

fn facts(speaker: Speaker<'_>, mail: &ReminderMail, names: &Reference) -> Vec<Fact> {
    let Revision {
        key,
        due,
        basis,
        set_by,
        ..
    } = &mail.revision;
    let days = (*due - mail.today).num_days();
    let fact = |label: &str, value: String| Fact {
        label: speaker.say(label, &[]),
        value,
    };
    let mut facts = vec![
        fact(
            "label-state",
            state_name(names, &key.state, speaker.language).to_owned(),
        ),
        fact("label-treaty", treaty_title(names, &key.instrument, speaker.language)),
        fact("label-report", speaker.report(&key.report)),
        fact("label-due", speaker.date(*due)),
        fact(
            if days < 0 { "label-since" } else { "label-left" },
            days.unsigned_abs().to_string(),
        ),
        fact("label-basis", speaker.basis(basis)),
    ];
    let unsaid = set_by.as_deref().filter(|by| !basis.contains(by));
    facts.extend(unsaid.map(|by| fact("label-set-by", speaker.setter(by))));
    facts
}

/// What a state is called; one without a name is called by its code.
fn state_name<'a>(names: &'a Reference, code: &'a StateCode, language: Language) -> &'a str {
    names
        .state(code)
        .map_or(code.as_str(), |state| state.name.in_language(language.as_str()))
}

fn treaty_title(names: &Reference, code: &InstrumentCode, language: Language) -> String {
    let known = names.instrument(code);
    known.map_or_else(
        || code.to_string(),
        |known| format!("{} ({code})", known.title.in_language(language.as_str())),
    )
}

fn lead(speaker: Speaker<'_>, mail: &ReminderMail) -> String {
    let days = (mail.revision.due - mail.today).num_days().abs();
    let date = speaker.date(mail.revision.due);
    speaker.say(
        &format!("lead-{}", moment(mail)),
        &[("days", Value::Number(days)), ("date", Value::Text(&date))],
    )
}

/// Whether the date is ahead, today, or has passed, where the reader is.
fn moment(mail: &ReminderMail) -> &'static str {
    match mail.revision.due.cmp(&mail.today) {
        std::cmp::Ordering::Greater => "ahead",
        std::cmp::Ordering::Equal => "today",
        std::cmp::Ordering::Less => "overdue",
    }
}

/// A text without line breaks and other control characters, so that nothing can be slipped into a header.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
