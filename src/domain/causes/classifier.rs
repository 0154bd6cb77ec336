//! Signals, ready to read, and what they say of a case: weights, label, reason, and every sign with where it came from.
//! How they come to it stands in `explaining`.

use super::reading::{How, Owned, Reader};
use super::signals::{Capacity, LANGUAGES, Signal, SignalFile};
use super::{Cause, Figure, Figures};
use crate::domain::ids::StateCode;
use crate::domain::reference::State;
use crate::domain::search::words_of;
use std::collections::{BTreeMap, BTreeSet};

/// One gap to explain.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// What was written about it.
    pub text: String,
    /// The state it is about.
    pub state: Option<StateCode>,
    /// Signals that somebody gives.
    pub given: Vec<Given>,
    /// Figures about the state, the provision and the date.
    pub figures: Figures,
}

/// A signal that a person or another program gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Which signal.
    pub id: String,
    /// How far it can be relied on, from 0 to 1.
    pub reliability: f64,
    /// Only the state says so: other factors then count half.
    pub told_by_the_state: bool,
    /// Where it comes from.
    pub matched: String,
}

/// A sign that counted, with where it came from: an account, figures, or what somebody gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// The signal.
    pub id: String,
    /// The cause.
    pub cause: Cause,
    /// The subclass.
    pub subclass: Option<String>,
    /// What it adds; below zero where it speaks against.
    pub points: f64,
    /// The words or the figure.
    pub matched: String,
    /// The sentence they stand in; empty for figures.
    pub sentence: String,
    /// How it was read, where that is not plain.
    pub how: Vec<How>,
    /// What the signal says.
    pub says: String,
    /// The account in which it was read: its place among those of the dossier.
    pub account: Option<usize>,
    /// Accounts of other origins that say the same. They do not count again.
    pub also: Vec<usize>,
    /// The figures that it read.
    pub figures: Vec<Figure>,
}

/// Low and high of a weight.
pub type Interval = (f64, f64);

/// Why a gap stays open, as far as the signs tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The cause, or undetermined.
    pub label: Cause,
    /// Its subclass.
    pub subclass: Option<String>,
    /// In the order of [`Cause::ALL`]; they add up to one.
    pub weights: [f64; 5],
    /// In the same order.
    pub intervals: [Interval; 5],
    /// The signs that counted, strongest first.
    pub signs: Vec<Sign>,
    /// Why, in a sentence or two.
    pub reason: String,
}

impl Classification {
    /// The weight of one cause.
    #[must_use]
    pub fn weight(&self, cause: Cause) -> f64 {
        let each = Cause::ALL.iter().zip(self.weights);
        each.filter(|(one, _)| **one == cause).map(|(_, weight)| weight).sum()
    }
}

/// All signals, ready to read.
#[derive(Debug, Clone, Default)]
pub struct Classifier {
    pub(super) signals: Vec<Signal>,
    pub(super) reader: Reader,
    pub(super) income: BTreeMap<StateCode, Capacity>,
}

impl Classifier {
    /// From signal files (name and content) and the states whose names a text may use.
    ///
    /// # Errors
    /// Every bad entry: file, id, what is wrong.
    pub fn of<'a>(
        files: &[(String, SignalFile)],
        states: impl IntoIterator<Item = &'a State>,
    ) -> Result<Self, Vec<String>> {
        let (mut made, mut wrong, mut known) = (Self::default(), Vec::new(), BTreeSet::new());
        let states: Vec<&State> = states.into_iter().collect();
        for (file, content) in files {
            for (number, raw) in content.signal.iter().enumerate() {
                let place = match raw.id.trim() {
                    "" => format!("{file}: signal {}", number + 1),
                    id => format!("{file}: {id}"),
                };
                match raw.read(&mut known) {
                    Ok(signal) => {
                        let at = made.signals.len();
                        made.signals.push(signal);
                        let both = [(&raw.phrases, Owned::Signal(at)), (&raw.unless, Owned::Unless(at))];
                        for (phrases, owned) in both {
                            made.learn(&place, phrases, owned, content, &states, &mut wrong);
                        }
                    }
                    Err(complaints) => wrong.extend(complaints.into_iter().map(|what| format!("{place}: {what}"))),
                }
            }
            for raw in &content.cue {
                let place = format!("{file}: cue {:?}", raw.effect);
                made.learn(
                    &place,
                    &raw.phrases,
                    Owned::Cue(raw.effect),
                    content,
                    &states,
                    &mut wrong,
                );
            }
        }
        for state in &states {
            let phrases = BTreeMap::from([("en".to_owned(), names(state).into_iter().collect())]);
            let owned = Owned::State(state.iso3.clone());
            made.learn(
                state.iso3.as_str(),
                &phrases,
                owned,
                &SignalFile::default(),
                &[],
                &mut wrong,
            );
            let income = match state.income_group.as_str() {
                "High income" => Some(Capacity::HighIncome),
                "Low income" | "Lower middle income" => Some(Capacity::LowIncome),
                _ => None,
            };
            made.income.extend(income.map(|income| (state.iso3.clone(), income)));
        }
        if wrong.is_empty() { Ok(made) } else { Err(wrong) }
    }

    fn learn(
        &mut self,
        place: &str,
        phrases: &BTreeMap<String, Vec<String>>,
        owned: Owned,
        file: &SignalFile,
        states: &[&State],
        wrong: &mut Vec<String>,
    ) {
        let Ok(owner) = u32::try_from(self.reader.owners.len()) else {
            return wrong.push(format!("{place}: too many entries"));
        };
        self.reader.owners.push(owned);
        for (language, list) in phrases {
            if !LANGUAGES.contains(&language.as_str()) {
                wrong.push(format!(
                    "{place}: language “{language}” is not one of {}",
                    LANGUAGES.join(", ")
                ));
                continue;
            }
            let mut sets = file.sets.get(language).cloned().unwrap_or_default();
            if list.iter().any(|phrase| phrase.contains("{state}")) {
                let all: Vec<String> = states.iter().flat_map(|state| names(state)).collect();
                sets.insert("state".to_owned(), all.join("|"));
            }
            for phrase in list {
                if let Err(what) = self.reader.lexicon.add(owner, phrase, &sets) {
                    wrong.push(format!("{place}: {what} ({language})"));
                }
            }
        }
    }

    /// Every signal, in the order of the files.
    #[must_use]
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// One signal.
    #[must_use]
    pub fn signal(&self, id: &str) -> Option<&Signal> {
        self.signals.iter().find(|signal| signal.id == id)
    }
}

/// The names of a state as texts use them: also without what stands in parentheses.
fn names(state: &State) -> BTreeSet<String> {
    let all = state.name.all().into_iter();
    let both = all.flat_map(|name| [name, name.split(['(', '（']).next().unwrap_or(name)]);
    let words = both.map(|name| {
        let pieces = name.split(|letter: char| letter.is_whitespace() || "()（）[]*-_,–".contains(letter));
        pieces
            .filter(|piece| !words_of(piece).is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    words.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
#[cfg(feature = "server")]
mod tests {
    use super::*;
    use crate::actions::signals::shipped;

    /// What the shipped signals make of a text about Sri Lanka.
    fn read(text: &str) -> Classification {
        let case = Case {
            text: text.to_owned(),
            state: "LKA".parse().ok(),
            ..Case::default()
        };
        shipped().expect("signals").classify(&case)
    }

    fn all_read_as(expected: Cause, texts: &[&str]) {
        for text in texts {
            let found = read(text);
            assert_eq!(found.label, expected, "{text}: {} {:?}", found.reason, found.signs);
        }
    }

    #[test]
    fn denied_sufficiency_is_a_lack() {
        let lacking = [
            "The State does not have sufficient resources.",
            "The State party does not have enough inspectors.",
            "The State party no longer has sufficient resources.",
            "The State party does not have sufficient resources to ensure inspections.",
            "L’État n’a pas de ressources suffisantes.",
            "El Estado no cuenta con recursos suficientes.",
            "El Estado ya no tiene recursos suficientes.",
            "لا تملك الدولة موارد كافية.",
            "Государство не имеет достаточных ресурсов.",
            "Государство не имеет достаточных ресурсов для подготовки сотрудников.",
            "该国没有充足的资金。",
        ];
        all_read_as(Cause::Resources, &lacking);
        for text in lacking {
            assert!(!read(text).signs.iter().any(|sign| sign.points < 0.0), "{text}");
        }
        for text in [
            "The State has sufficient resources.",
            "Despite sufficient resources, nobody is visited.",
        ] {
            let found = read(text);
            let against = |sign: &Sign| sign.cause == Cause::Resources && sign.points < 0.0;
            assert!(found.signs.iter().any(against), "{text}: {:?}", found.signs);
        }
    }

    #[test]
    fn what_was_done_or_is_over_is_no_cause() {
        all_read_as(
            Cause::Undetermined,
            &[
                "The law that barred migrants from unions was repealed in 2019.",
                "The law, which barred migrants from unions, was repealed.",
                "The State party repealed the law that excluded foreigners.",
                "The bill is no longer late.",
                "Training was provided to all officers.",
                "Officers were trained on the Convention.",
                "The budget for inspection was increased.",
                "The Government has since repealed the discriminatory law.",
                "The backlog was cleared; there is no longer any shortage of staff.",
                "Staff were previously not trained; all have since been trained.",
                "In 1995 the State party lacked resources; this has been remedied.",
                "The State party lacked resources, but this has since been remedied.",
                "La loi qui excluait les étrangers a été abrogée en 2019.",
                "Le budget de l’inspection a été augmenté.",
                "En 1995 l’État manquait de ressources ; cela a été corrigé.",
                "La ley que excluía a los extranjeros fue derogada en 2019.",
                "Se impartió capacitación a todos los funcionarios.",
                "Se ha aumentado el presupuesto de la inspección.",
                "En 1995 el Estado carecía de recursos; esto se ha subsanado.",
                "تم تدريب جميع الموظفين.",
                "تمت زيادة ميزانية التفتيش.",
                "Бюджет инспекции был увеличен.",
                "Закон, исключающий иностранцев, был отменен в 2019 году.",
                "Государству не хватало ресурсов в 1995 году; это устранено.",
                "检查预算已增加。",
                "所有官员都已接受培训。",
            ],
        );
        assert!(
            read("Training was provided to all officers.")
                .reason
                .contains("was done")
        );
    }

    #[test]
    fn what_is_not_done_stays_a_cause() {
        for (expected, text) in [
            (
                Cause::PoliticalWill,
                "The law that bars migrants from unions was adopted in 2019.",
            ),
            (
                Cause::PoliticalWill,
                "The law that bars migrants from unions has not been repealed.",
            ),
            (
                Cause::PoliticalWill,
                "The law that bars migrants from unions should be abolished.",
            ),
            (
                Cause::PoliticalWill,
                "The State party has not repealed the law that excludes foreigners.",
            ),
            (
                Cause::Resources,
                "The shortage of inspectors has not yet been remedied.",
            ),
            (
                Cause::Resources,
                "The State party lacked resources. This has not been remedied.",
            ),
            (
                Cause::Resources,
                "The inspectorate lacks funds, no longer visits farms.",
            ),
            (
                Cause::Resources,
                "Training was provided to judges and inspectors lack vehicles.",
            ),
            (Cause::Resources, "Additional funding for inspection would be welcome."),
            (Cause::Resources, "The budget was increased but remains insufficient."),
            (Cause::Information, "Training has been provided to few officers only."),
            (
                Cause::Information,
                "The Committee was given few facts on non-nationals.",
            ),
            (
                Cause::PoliticalWill,
                "The State party has adopted a law that excludes foreigners.",
            ),
            (Cause::Information, "Training was not provided to officers."),
            (Cause::Information, "No training was provided to officers."),
            (
                Cause::Information,
                "The Committee was provided with insufficient data on migrants.",
            ),
        ] {
            all_read_as(expected, &[text]);
        }
    }

    #[test]
    fn only_what_the_state_must_do_is_asked_for() {
        let shut = "must be tested for HIV, and those who live with the virus are shut out of work.";
        let told = read(&format!("Applicants for a work permit {shut}"));
        all_read_as(
            Cause::PoliticalWill,
            &["Applicants must be tested for HIV and those who test positive are shut out of work."],
        );
        let asked = read(&format!("The State party must see that applicants {shut}"));
        let how = |found: &Classification| found.signs.first().map(|sign| sign.how.clone()).unwrap_or_default();
        assert_eq!((told.label, how(&told)), (Cause::PoliticalWill, vec![]));
        assert_eq!(how(&asked), [super::super::How::Asked]);
        all_read_as(
            Cause::Undetermined,
            &["The State party must not exclude migrants from unions."],
        );
    }

    #[test]
    fn other_states_questions_and_what_nobody_says_are_no_signs() {
        for (why, text) in [
            ("another state", "Neighbouring Pakistan lacks funds for inspections."),
            ("another state", "In neighbouring India, authorities lack funds."),
            ("another state", "Le Pakistan voisin manque de moyens."),
            ("another state", "El vecino Pakistán carece de recursos."),
            ("supposed", "Does the State lack resources?"),
            ("supposed", "¿Carece el Estado de recursos?"),
            ("supposed", "هل تفتقر الدولة إلى الموارد؟"),
            ("supposed", "Nobody claims that the State lacks funds."),
            ("supposed", "Personne ne prétend que l’État manque de moyens."),
            ("supposed", "Nadie afirma que el Estado carezca de recursos."),
            ("supposed", "Никто не утверждает, что государству не хватает средств."),
            ("supposed", "没有人声称该国缺乏资金。"),
            (
                "contradict",
                "The State lacks resources. The State has sufficient resources and refuses to act.",
            ),
        ] {
            let found = read(text);
            assert_eq!(found.label, Cause::Undetermined, "{text}: {:?}", found.signs);
            assert!(found.reason.contains(why), "{text}: {}", found.reason);
        }
        for (expected, text) in [
            (Cause::Resources, "The inspectorate lacks funds. Is that known?"),
            (
                Cause::Resources,
                "The State lacks resources. Neighbouring India has sufficient resources.",
            ),
            (
                Cause::PoliticalWill,
                "The State has sufficient resources and refuses to act.",
            ),
        ] {
            all_read_as(expected, &[text]);
        }
    }
}
