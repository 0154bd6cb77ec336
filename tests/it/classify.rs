//! Why a gap stays open: signals of `fixtures/signals`, texts in six languages, METHOD's worked scores, and the command.

use proptest::prelude::*;
use serde::Deserialize;
use servanda::actions::import::files::Files;
use servanda::actions::signals;
use servanda::domain::causes::{Case, Cause, Classification, Classifier, Figure, Figures, Given, How, subclasses};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn classifier() -> &'static Classifier {
    signals::shipped().unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")))
}

fn about(text: &str, state: &str) -> Classification {
    let case = Case {
        text: text.to_owned(),
        state: state.parse().ok(),
        ..Case::default()
    };
    classifier().classify(&case)
}

fn label(text: &str) -> &'static str {
    about(text, "").label.code()
}

/// What a language says plainly, denies, tells as another's account, says of others, and only supposes.
struct Language {
    code: &'static str,
    plain: [(&'static str, &'static str); 5],
    denied: [&'static str; 2],
    told: &'static str,
    elsewhere: &'static str,
    supposed: &'static str,
}

const LANGUAGES: [Language; 6] = [
    Language {
        code: "en",
        plain: [
            ("The labour inspectorate lacks vehicles and staff.", "resources"),
            (
                "Officials at the border were never trained on the Convention.",
                "information",
            ),
            ("The authorities refuse to ratify the treaty.", "political_will"),
            ("The armed conflict makes visits to the camps impossible.", "other"),
            (
                "The law discriminates against foreign domestic workers.",
                "political_will",
            ),
        ],
        denied: [
            "The inspectorate no longer lacks staff.",
            "The delay is not due to a lack of funds.",
        ],
        told: "The delegation explained that the ministry lacks funds.",
        elsewhere: "Neighbouring countries lack funds for reception.",
        supposed: "If the inspectorate lacked staff it would be closed.",
    },
    Language {
        code: "fr",
        plain: [
            ("L’inspection du travail manque de personnel et de moyens.", "resources"),
            ("Aucune donnée statistique n’a été recueillie.", "information"),
            ("L’État refuse de ratifier la Convention.", "political_will"),
            ("Le conflit armé empêche toute visite.", "other"),
            ("Le projet de loi reste en attente depuis des années.", "political_will"),
        ],
        denied: [
            "L’inspection ne manque plus de personnel.",
            "Le retard n’est pas dû à un manque de moyens.",
        ],
        told: "La délégation a expliqué que le ministère manque de moyens.",
        elsewhere: "Les pays voisins manquent de moyens.",
        supposed: "Si l’inspection manquait de personnel elle fermerait.",
    },
    Language {
        code: "es",
        plain: [
            (
                "La inspección del trabajo carece de personal y de recursos.",
                "resources",
            ),
            ("Faltan datos sobre los trabajadores migratorios.", "information"),
            ("El Estado se niega a ratificar la Convención.", "political_will"),
            ("El conflicto armado impide las visitas.", "other"),
            ("Los funcionarios no han recibido capacitación.", "information"),
        ],
        denied: [
            "La inspección ya no carece de personal.",
            "El retraso no se debe a la falta de recursos.",
        ],
        told: "La delegación explicó que el ministerio carece de recursos.",
        elsewhere: "Los países vecinos carecen de recursos.",
        supposed: "Si la inspección carece de personal, habrá que cerrarla.",
    },
    Language {
        code: "ar",
        plain: [
            ("تفتقر مفتشية العمل إلى الموارد والموظفين.", "resources"),
            ("عدم وجود بيانات عن العمال المهاجرين.", "information"),
            ("ترفض السلطات التصديق على الاتفاقية.", "political_will"),
            ("يحول النزاع المسلح دون الزيارات.", "other"),
            ("لم يتلق الموظفون أي تدريب.", "information"),
        ],
        denied: ["لم تعد تعاني من نقص في الموارد.", "لا تفتقر المفتشية إلى الموارد."],
        told: "أوضح الوفد أن الوزارة تفتقر إلى الموارد.",
        elsewhere: "البلدان المجاورة تفتقر إلى الموارد.",
        supposed: "إذا كانت المفتشية تفتقر إلى الموارد.",
    },
    Language {
        code: "ru",
        plain: [
            ("Инспекция труда испытывает нехватку персонала и средств.", "resources"),
            ("Отсутствуют данные о трудящихся-мигрантах.", "information"),
            ("Государство отказывается ратифицировать Конвенцию.", "political_will"),
            ("Вооруженный конфликт препятствует посещениям.", "other"),
            ("Законодательство дискриминирует иностранцев.", "political_will"),
        ],
        denied: [
            "Инспекция больше не испытывает нехватки персонала.",
            "Задержка не связана с нехваткой средств.",
        ],
        told: "Делегация заявила, что министерству не хватает средств.",
        elsewhere: "Соседние страны испытывают нехватку средств.",
        supposed: "Если инспекция испытывает нехватку персонала.",
    },
    Language {
        code: "zh",
        plain: [
            ("劳动监察部门缺乏资金和人员。", "resources"),
            ("没有关于移民工人的统计数据。", "information"),
            ("该国拒绝批准该公约。", "political_will"),
            ("武装冲突使访问无法进行。", "other"),
            ("官员没有接受过培训。", "information"),
        ],
        denied: ["劳动监察部门不再缺乏资金。", "延误并非由于资金不足。"],
        told: "代表团表示该部缺乏资金。",
        elsewhere: "邻国缺乏资金。",
        supposed: "如果监察部门缺乏资金。",
    },
];

#[test]
fn causes_are_read_in_each_of_six_languages() {
    for language in &LANGUAGES {
        for (text, expected) in language.plain {
            let found = about(text, "");
            assert_eq!(
                found.label.code(),
                expected,
                "{}: {text}: {}",
                language.code,
                found.reason
            );
            let first = &found.signs[0];
            assert!(
                text.contains(&first.matched) && text.contains(&first.sentence),
                "{first:?}"
            );
        }
    }
}

#[test]
fn a_denied_cause_is_not_the_cause_and_counts_against_it() {
    for language in &LANGUAGES {
        for text in language.denied {
            let found = about(text, "");
            assert_eq!(
                found.label,
                Cause::Undetermined,
                "{}: {text}: {:?}",
                language.code,
                found.signs
            );
            let against = found
                .signs
                .iter()
                .any(|sign| sign.cause == Cause::Resources && sign.points < 0.0);
            assert!(against, "{}: {text}: {:?}", language.code, found.signs);
        }
    }
}

#[test]
fn a_states_own_account_counts_half() {
    for language in &LANGUAGES {
        let told = about(language.told, "");
        let plain = about(language.plain[0].0, "");
        let sign = &told.signs[0];
        assert!(sign.how.contains(&How::Told), "{}: {sign:?}", language.code);
        assert!(
            (sign.points * 2.0 - plain.signs[0].points).abs() < 1e-9,
            "{}",
            language.code
        );
    }
}

#[test]
fn what_is_said_of_others_or_only_supposed_is_no_sign() {
    for language in &LANGUAGES {
        for (text, why) in [
            (language.elsewhere, "another state"),
            (language.supposed, "only supposed"),
        ] {
            let found = about(text, "");
            assert_eq!(
                found.label,
                Cause::Undetermined,
                "{}: {text}: {:?}",
                language.code,
                found.signs
            );
            assert!(
                found.reason.contains(why),
                "{}: {text}: {}",
                language.code,
                found.reason
            );
        }
    }
}

#[test]
fn context_decides_what_a_phrase_says() {
    for (text, state, expected) in [
        // scope
        ("Georgia lacks inspectors.", "MEX", "undetermined"),
        ("The Government of Georgia lacks inspectors.", "MEX", "undetermined"),
        ("Georgia lacks inspectors.", "GEO", "resources"),
        ("Georgia lacks inspectors.", "", "resources"),
        (
            "Mexico lacks inspectors at its border with Guatemala.",
            "MEX",
            "resources",
        ),
        // what is there, was done, or is asked for
        ("The inspectorate has sufficient staff.", "", "undetermined"),
        (
            "Despite sufficient resources, the inspectorate visits nobody.",
            "",
            "political_will",
        ),
        ("The Committee welcomes the training of judges.", "", "undetermined"),
        (
            "The Committee welcomes the training of judges but regrets that data are lacking.",
            "",
            "information",
        ),
        (
            "The Committee recommends that the State party allocate adequate funds.",
            "",
            "resources",
        ),
        ("The inspectorate does not need more staff.", "", "undetermined"),
        // hypothetical and quoted
        ("Should be told whether the lack of staff matters.", "", "undetermined"),
        ("“The inspectorate lacks staff”, read the poster.", "", "undetermined"),
        ("The shortage of inspectors has been overcome.", "", "undetermined"),
        // the same words in other meanings
        (
            "Children in conflict with the law are held with adults.",
            "",
            "undetermined",
        ),
        ("Migrants who fled the war need shelter.", "", "undetermined"),
        (
            "The State party should guarantee access to vocational training for migrants.",
            "",
            "undetermined",
        ),
        (
            "Employers who keep passports should face sanctions.",
            "",
            "undetermined",
        ),
        ("The law against discrimination is not translated.", "", "information"),
        // two causes, and all of them
        (
            "The State party should provide funds and train the judges.",
            "",
            "resources",
        ),
        (
            "There is a lack of money, of data and of political will, and an armed conflict goes on.",
            "",
            "undetermined",
        ),
        ("Every migrant has a right to health.", "", "undetermined"),
    ] {
        let found = about(text, state);
        assert_eq!(
            found.label.code(),
            expected,
            "{text}: {}\n{:?}",
            found.reason,
            found.signs
        );
    }
}

#[test]
fn each_subclass_can_be_told() {
    for (text, cause, subclass) in [
        (
            "The Government misunderstands article 22 and confuses it with extradition.",
            "information",
            "misunderstanding",
        ),
        (
            "Stereotypes and rumours about migrants are widespread.",
            "information",
            "misinformation",
        ),
        ("No statistics on migrants exist.", "information", "lack_of_information"),
        ("Civil war rages in the north.", "other", "conflict"),
        ("The hurricane destroyed the reception centres.", "other", "disaster"),
        (
            "The financial crisis raised unemployment among migrants.",
            "other",
            "economic_shock",
        ),
        (
            "Education is a competence of the provinces.",
            "other",
            "federal_competence",
        ),
        (
            "Part of the territory is outside the control of the Government.",
            "other",
            "territory_outside_control",
        ),
        (
            "Armed groups kidnap migrants on the route.",
            "other",
            "non_state_groups",
        ),
        (
            "A massive influx of refugees reached the islands.",
            "other",
            "large_arrivals",
        ),
        (
            "Most countries of destination have not ratified the Convention.",
            "other",
            "non_party_destination",
        ),
        ("Victims distrust the police.", "other", "distrust"),
        (
            "Returns depend on the cooperation of neighbouring states.",
            "other",
            "bilateral_dependence",
        ),
    ] {
        let found = about(text, "");
        assert_eq!(
            (found.label.code(), found.subclass.as_deref()),
            (cause, Some(subclass)),
            "{text}: {:?}",
            found.signs
        );
    }
    let signals = classifier().signals();
    for (cause, kinds) in [Cause::Information, Cause::Other].map(|cause| (cause, subclasses(cause))) {
        for (code, _) in kinds {
            let told = signals
                .iter()
                .any(|signal| signal.cause == cause && signal.subclass.as_deref() == Some(code));
            assert!(told, "no signal tells {code}");
        }
    }
}

#[test]
fn what_cannot_explain_a_gap_is_undetermined_with_the_reason() {
    let long = "The inspectorate lacks staff. ".repeat(40_000);
    for (text, why) in [
        ("", "there is no text"),
        (" \n\t", "there is no text"),
        ("… — !", "no words"),
        ("ინსპექციას აკლია თანამშრომლები", "script"),
        ("ผู้ตรวจแรงงานขาดแคลน", "script"),
        (long.as_str(), "at most 100 kB"),
        (
            "The inspectorate lacks staff. The inspectorate has sufficient staff.",
            "contradict",
        ),
        ("„We lack money” and „they lack staff”", "quoted"),
        (
            "Lack of staff, lack of data, lack of political will and lack of trust.",
            "40 per cent",
        ),
        ("Take further measures.", "gives no cause"),
    ] {
        let begun = Instant::now();
        let found = about(text, "");
        assert!(begun.elapsed() < Duration::from_secs(2));
        assert_eq!(found.label, Cause::Undetermined, "{}", found.reason);
        assert!(found.reason.contains(why), "{why}: {}", found.reason);
    }
}

#[derive(Deserialize)]
struct File {
    case: Vec<Worked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worked {
    name: String,
    signals: Vec<(String, f64)>,
    #[serde(default)]
    told_by_the_state: bool,
    label: Cause,
    /// resources, political will, information, other, undetermined
    weights: [f64; 5],
    points: [f64; 4],
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 0.000_051
}

#[test]
fn the_scoring_procedure_gives_the_worked_values() {
    let cases = toml::from_str::<File>(include_str!("../../fixtures/cases/causes.toml")).expect("a table of cases");
    assert!(cases.case.len() >= 7, "only {} cases", cases.case.len());
    for worked in &cases.case {
        let given = worked.signals.iter().map(|(id, reliability)| Given {
            id: id.clone(),
            reliability: *reliability,
            told_by_the_state: worked.told_by_the_state,
            matched: String::new(),
        });
        let case = Case {
            given: given.collect(),
            ..Case::default()
        };
        let found = classifier().classify(&case);
        let name = &worked.name;
        assert_eq!(found.label, worked.label, "{name}");
        for (found, expected) in found.weights.iter().zip(worked.weights) {
            assert!(near(*found, expected), "{name}: {found} is not {expected}");
        }
        for (cause, expected) in Cause::ALL.iter().zip(worked.points) {
            let sum: f64 = found
                .signs
                .iter()
                .filter(|sign| sign.cause == *cause)
                .map(|sign| sign.points)
                .sum();
            assert!(near(sum, expected), "{name}: {sum} is not {expected}");
        }
    }
}

#[test]
fn figures_speak_where_they_are_known() {
    let rich = Figures::default()
        .with(Figure::IncomePerHead, 60_000.0)
        .with(Figure::IncomeAdjusted, 60.0)
        .with(Figure::Effectiveness, 1.2)
        .with(Figure::MonthsOverdue, 30.0);
    let ids = |figures: &Figures| -> Vec<String> {
        let all = classifier().of_figures(figures);
        all.iter().map(|(signal, _)| signal.id.clone()).collect()
    };
    assert_eq!(
        ids(&rich),
        ["Q_SERF_LOW_RICH", "Q_EFFECTIVENESS_HIGH", "Q_OVERDUE_HIGH_CAP"]
    );
    let case = Case {
        figures: rich,
        ..Case::default()
    };
    let found = classifier().classify(&case);
    assert_eq!(found.label, Cause::PoliticalWill);
    assert!(
        found.signs[0]
            .matched
            .contains("income per head: 60000 (the sign asks for at least 25000)"),
        "{:?}",
        found.signs
    );
    assert!(
        found.reason.contains("consistent with a policy choice"),
        "{}",
        found.reason
    );
    assert!(
        ids(&Figures::default().with(Figure::IncomeAdjusted, 60.0)).is_empty(),
        "half of the figures is none"
    );
    assert!(ids(&Figures::default().with(Figure::Noted, f64::NAN)).is_empty());
}

#[test]
fn a_bad_entry_is_named_with_its_file_and_what_is_wrong() {
    let good = "[[signal]]\nid = \"X\"\ncause = \"information\"\npoints = 1.0\nkind = \"given\"\nsays = \"s\"\nsource = \"s\"\n";
    let of = |text: &str| {
        signals::parse("my.toml", text)
            .map_err(|why| vec![why])
            .and_then(|file| Classifier::of(&[("my.toml".to_owned(), file)], []))
            .map(|_| ())
    };
    assert_eq!(of(good), Ok(()));
    for (from, to, why) in [
        ("points = 1.0", "points = 11.0", "my.toml: X: points 11"),
        (
            "\"information\"",
            "\"undetermined\"",
            "no signal speaks for undetermined",
        ),
        ("\"information\"", "\"weather\"", "my.toml, line 3, at or after X"),
        ("says = \"s\"", "says = \"\"", "says is empty"),
        ("says = \"s\"", "says = \"s\"\ncolour = 1", "line"),
        ("kind = \"given\"", "kind = \"text\"", "needs tone"),
        ("kind = \"given\"", "kind = \"figure\"", "conditions"),
        (
            "kind = \"given\"",
            "kind = \"given\"\nsubclass = \"conflict\"",
            "does not belong to information",
        ),
        (
            "kind = \"given\"",
            "kind = \"text\"\ntone = \"trouble\"\nphrases = { en = [\"lack (of\"] }",
            "parentheses that do not match (en)",
        ),
        (
            "kind = \"given\"",
            "kind = \"text\"\ntone = \"trouble\"\nphrases = { tlh = [\"x\"] }",
            "language “tlh”",
        ),
    ] {
        let wrong = of(&good.replacen(from, to, 1)).expect_err(to);
        assert!(wrong.iter().any(|line| line.contains(why)), "{why}: {wrong:?}");
    }
    let twice = of(&format!("{good}{good}")).expect_err("the same id twice");
    assert!(twice[0].contains("used before"), "{twice:?}");
}

#[test]
fn shipped_signals_say_where_they_come_from_and_read_six_languages() {
    for signal in classifier().signals() {
        assert!(signal.source.len() > 10, "{}: {}", signal.id, signal.source);
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    assert!(signals::load(&Files::Folder(folder.clone())).is_ok());
    for entry in std::fs::read_dir(folder.join("signals")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let table: toml::Table = text.parse().expect("TOML");
        for kind in ["signal", "cue"] {
            for entry in table.get(kind).and_then(toml::Value::as_array).into_iter().flatten() {
                let Some(phrases) = entry.get("phrases").and_then(toml::Value::as_table) else {
                    continue;
                };
                assert_eq!(phrases.len(), 6, "{}: {entry}", path.display());
            }
        }
    }
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    let known = [
        "The inspectorate lacks staff.",
        "Data are not collected.",
        "It refuses to ratify the treaty.",
        "Civil war goes on.",
        "The law discriminates against migrants.",
        "Train the police.",
        "Migrants have rights.",
        "缺乏资金。",
        "Нет данных.",
        "Le conflit armé dure.",
    ];
    proptest::collection::vec(proptest::sample::select(known.to_vec()), 0..7)
}

fn sound(found: &Classification) -> Result<(), TestCaseError> {
    prop_assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    for (weight, (low, high)) in found.weights.iter().zip(found.intervals) {
        prop_assert!(
            0.0 <= low && low <= *weight && *weight <= high && high <= 1.0,
            "{low} {weight} {high}"
        );
    }
    prop_assert!(!found.reason.is_empty());
    if found.label != Cause::Undetermined {
        prop_assert!(
            found
                .signs
                .iter()
                .any(|sign| sign.cause == found.label && sign.points > 0.0)
        );
        prop_assert!(found.weight(found.label) >= 0.4);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_answered_soundly_and_the_same_each_time(text in any::<String>()) {
        let found = about(&text, "MEX");
        sound(&found)?;
        prop_assert_eq!(found, about(&text, "MEX"));
    }

    #[test]
    fn the_order_of_sentences_does_not_matter(sentences in words(), turn in 0_usize..7) {
        let found = about(&sentences.join(" "), "");
        sound(&found)?;
        let mut turned = sentences.clone();
        turned.rotate_left(turn.min(sentences.len()));
        let again = about(&turned.join(" "), "");
        prop_assert_eq!(found.label, again.label);
        prop_assert_eq!(found.weights, again.weights);
        turned.extend(sentences);
        prop_assert_eq!(found.weights, about(&turned.join(" "), "").weights, "said twice counts once");
    }

    #[test]
    fn given_signals_of_any_kind_are_weighed_soundly(
        picks in proptest::collection::vec((any::<prop::sample::Index>(), -1.0_f64..2.0, any::<bool>()), 0..12)
    ) {
        let all = classifier().signals();
        let given = picks.iter().map(|(at, reliability, told)| Given {
            id: all[at.index(all.len())].id.clone(),
            reliability: *reliability,
            told_by_the_state: *told,
            matched: String::new(),
        });
        sound(&classifier().classify(&Case { given: given.collect(), ..Case::default() }))?;
    }
}

#[test]
fn time_is_bounded_whatever_the_text_repeats() {
    for piece in [
        "lack ", "no data ", "缺乏", "not ", "(((\"", "a.", "“", "нет ", "the law ",
    ] {
        let text = piece.repeat(99_000 / piece.len());
        let begun = Instant::now();
        sound(&about(&text, "MEX")).expect(piece);
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{piece}: {:?}",
            begun.elapsed()
        );
    }
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .arg("classify")
        .args(arguments)
        // No database is named, none is there, and none is made.
        .env("SERVANDA_DATABASE_URL", "sqlite:/nowhere/at/all.db")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("an input");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("an answer");
    writer.join().expect("written");
    output
}

fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn the_command_answers_each_line_in_order_as_the_contract_says() {
    let input = concat!(
        r#"{"id":"a","text":"The labour inspectorate lacks staff.","state":"CYP","date":"2009-05","provisions":["ICESCR-7"]}"#,
        "\n\n",
        r#"{"id":2,"text":"","state":null,"signals":["P_NODATA",["P_TRAINING",1.0],{"id":"Q_NOTED","reliability":0.5}]}"#,
        "\n",
        r#"{"id":"c","text":"Take note.","figures":{"reservations":2}}"#,
    );
    let output = run(&["--format", "json"], input.as_bytes());
    assert!(output.status.success(), "{output:?}");
    let told = lines(&output);
    assert_eq!(told.len(), 3);
    assert_eq!((&told[0]["id"], &told[0]["label"]), (&"a".into(), &"resources".into()));
    assert_eq!(told[0]["signals"][0]["matched"], "lacks staff");
    assert_eq!(told[0]["signals"][0]["points"], 3.0);
    assert_eq!(told[0]["weights"]["resources"], 0.75);
    assert_eq!(told[0]["intervals"]["resources"], serde_json::json!([0.0, 1.0]));
    assert_eq!((&told[1]["id"], &told[1]["label"]), (&2.into(), &"information".into()));
    assert_eq!(told[1]["subclass"], "lack_of_information");
    assert_eq!(told[2]["label"], "political_will");
    let weights = told[1]["weights"].as_object().expect("weights");
    let sum: f64 = weights.values().filter_map(serde_json::Value::as_f64).sum();
    assert!((sum - 1.0).abs() < 1e-9 && weights.len() == 5);

    let table = run(&[], input.as_bytes());
    let text = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(
        text.contains("a: resources") && text.contains("← lacks staff"),
        "{text}"
    );
}

#[test]
fn a_bad_line_is_answered_with_what_is_wrong_and_nothing_else_is_lost() {
    let mut input = Vec::new();
    for (line, _) in BAD {
        input.extend_from_slice(line);
        input.push(b'\n');
        input.extend_from_slice(b"{\"id\":\"good\",\"text\":\"No data exist.\"}\n");
    }
    let output = run(&["--format", "json"], &input);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = lines(&output);
    assert_eq!(told.len(), BAD.len() * 2);
    for (at, (line, why)) in BAD.iter().enumerate() {
        let answer = &told[at * 2];
        assert_eq!(answer["line"], at * 2 + 1);
        let error = answer["error"].as_str().expect("an error");
        assert!(error.contains(why), "{}: {error}", String::from_utf8_lossy(line));
        assert_eq!(told[at * 2 + 1]["label"], "information");
    }
    assert_eq!(told[2]["id"], "x", "the id is told where it can be read");
    let none = run(&["--format", "json"], b"not a case\n");
    assert_eq!(none.status.code(), Some(2), "{none:?}");
    assert_eq!(lines(&none).len(), 1);
    let gone = run(&["/nowhere/cases.jsonl"], b"");
    assert_eq!(gone.status.code(), Some(2), "{gone:?}");
    assert!(run(&[], b"").status.success());
}

const BAD: [(&[u8], &str); 9] = [
    (b"{", "not a case"),
    (br#"{"id":"x","text":7}"#, "not a case"),
    (br#"{"text":"no id"}"#, "id is missing"),
    (br#"{"id":"x","text":"t","state":"XQZ"}"#, "XQZ"),
    (br#"{"id":"x","text":"t","date":"tomorrow"}"#, "date"),
    (br#"{"id":"x","text":"t","signals":["NOPE"]}"#, "is no signal"),
    (
        br#"{"id":"x","text":"t","signals":[["P_NODATA",7]]}"#,
        "not from 0 to 1",
    ),
    (br#"{"id":"x","text":"t","figures":{"height":1}}"#, "figures"),
    (b"\xff\xfe", "not UTF-8"),
];

#[test]
fn many_cases_keep_their_order_on_all_cores() {
    let mut input = String::new();
    for number in 0..9_000 {
        let text = if number % 3 == 0 {
            "No data exist."
        } else {
            "Migrants have rights."
        };
        input.push_str(&format!("{{\"id\":{number},\"text\":\"{text}\"}}\n"));
    }
    let one = run(&["--format", "json", "--threads", "1"], input.as_bytes());
    let four = run(&["--format", "json", "--threads", "4"], input.as_bytes());
    assert!(one.status.success() && one.stdout == four.stdout);
    let told = lines(&four);
    assert!(told.iter().enumerate().all(|(at, answer)| answer["id"] == at));
}

/// How good suggestions are on the shipped cases: `servanda classify --measure fixtures/cases/causes.csv` prints it.
#[test]
fn suggestions_are_better_than_both_baselines_on_labelled_cases() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/causes.csv");
    let output = run(&["--format", "json", "--measure", path.to_str().expect("a path")], b"");
    assert!(output.status.success(), "{output:?}");
    let told = &lines(&output)[0];
    assert!(told["cases"].as_u64().expect("a number") >= 80);
    let figure = |at: usize, name: &str| told["methods"][at][name].as_f64().expect("a figure");
    for at in [0, 1] {
        assert!(figure(at, "macro_f1") >= 0.75, "{told}");
        assert!(figure(at, "precision_when_deciding") >= 0.85, "{told}");
        let will = told["methods"][at]["causes"]["political_will"][0].as_f64();
        assert!(will >= Some(0.85), "{told}");
        for baseline in [2, 3] {
            assert!(figure(at, "macro_f1") > figure(baseline, "macro_f1"), "{told}");
        }
    }
}
