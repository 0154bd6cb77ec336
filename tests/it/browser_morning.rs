//! A monitor's morning on real data, in a real browser. Needs chromedriver, which `tests/run` starts.
//!
//! The site has everything that is shipped but evidence and causes. Ten pieces that are entered are the shipped ones from
//! three concluding observations, read from `fixtures/evidence.csv`; ten more say in our own words what articles of Mexico's
//! Migration Act of 2011 grant, as last changed in 2022. The workbook has a recommendation of the national human rights
//! commission, a judgment of the Supreme Court, and three shipped recommendations of the universal periodic review.

use crate::bulk::{row, xlsx};
use crate::support::browser::{Site, WIDTHS, Window, fixtures};
use crate::support::people;
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use servanda::domain::bulk::Noun;
use servanda::export::bulk::heads;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

/// A day before the work.
const BEFORE: &str = "as_of=2026-11-22";
/// The three concluding observations.
const SYMBOLS: [&str; 3] = ["CMW/C/LKA/CO/1", "CMW/C/SLV/CO/3", "CMW/C/AZE/CO/1"];
/// What is said of a document: typed once, or filled in from its symbol.
const OF_THE_SOURCE: [&str; 8] = [
    "symbol",
    "source_kind",
    "author_role",
    "link",
    "language",
    "published",
    "reliability",
    "credibility",
];
/// What a symbol is read for.
const READ: [&str; 3] = ["source_kind", "author_role", "link"];

type Fields = HashMap<String, String>;

/// A piece of evidence to be entered, as the form has it.
struct Piece {
    state: String,
    fields: Fields,
}

impl Piece {
    fn of(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// The shipped rows that fit.
fn shipped(fits: impl Fn(&Fields) -> bool) -> Vec<Fields> {
    let mut table = csv::Reader::from_path(fixtures().join("evidence.csv")).expect("a table");
    let rows = table.deserialize::<Fields>().map(|row| row.expect("a row"));
    rows.filter(fits).collect()
}

/// The shipped pieces from one document.
fn from_document(symbol: &str) -> Vec<Piece> {
    let rows = shipped(|row| row["symbol"] == symbol).into_iter();
    rows.map(|mut fields| Piece {
        state: fields.remove("state").expect("a state"),
        fields,
    })
    .collect()
}

/// Article, title, what it shows, stance, grade, theme, provisions.
type Article = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Mexico's Migration Act in our own words.
const ACT: [Article; 10] = [
    (
        "art. 2",
        "Being in the country without papers is no crime",
        "The Act keeps irregular stay an administrative matter: it is not in itself an offence.",
        "supports",
        "3",
        "T36",
        "ICRMW-69.1",
    ),
    (
        "art. 8",
        "School and medical care whatever the papers",
        "Migrants may go to school and to a doctor, public or private, without having to show that their stay is regular.",
        "supports",
        "3",
        "T30",
        "ICRMW-28, ICRMW-30",
    ),
    (
        "art. 9",
        "Registrars may not refuse births, marriages and deaths",
        "Civil registrars have to record a migrant's birth, marriage or death whatever the papers say about the stay.",
        "supports",
        "3",
        "T30",
        "ICRMW-29",
    ),
    (
        "art. 11",
        "Courts are open to migrants without papers",
        "Every migrant may turn to justice and is owed due process, whatever the stay.",
        "supports",
        "3",
        "T14",
        "ICRMW-18.1",
    ),
    (
        "art. 66",
        "Rights do not hang on the kind of stay",
        "The kind of stay must not keep a migrant from exercising rights and freedoms.",
        "supports",
        "3",
        "T39",
        "ICRMW-7",
    ),
    (
        "art. 106",
        "Prisons may not serve as migration stations",
        "Places where people are imprisoned, and buildings without the services that the Act asks for, may not be used as stations.",
        "supports",
        "3",
        "T09",
        "ICRMW-17.1",
    ),
    (
        "art. 107",
        "Stations must offer doctors, legal advice, food and contact with family",
        "The Act lists what a station has to offer to those held there, from three meals a day to legal and medical help.",
        "supports",
        "3",
        "T09",
        "ICRMW-17.1",
    ),
    (
        "art. 109",
        "Those held have a list of rights from the first moment",
        "Whoever is held must be told where they are, under which rules and why, with an interpreter where needed.",
        "supports",
        "3",
        "T09",
        "ICRMW-17.1",
    ),
    (
        "art. 111",
        "Detention of up to sixty working days",
        "A stay in a station is to be decided on within fifteen working days, which may become sixty in cases that the Act names.",
        "qualifies",
        "2",
        "T08",
        "ICRMW-16.4",
    ),
    (
        "art. 112",
        "Children without parents go to child protection",
        "Children who travel alone have to be handed to the child protection system at once.",
        "supports",
        "3",
        "T30",
        "CRC-22",
    ),
];

/// What the act says, article by article.
fn from_act() -> Vec<Piece> {
    let source = [
        (
            "symbol",
            "Ley de Migración, Diario Oficial de la Federación, 25 May 2011",
        ),
        ("source_kind", "law"),
        ("author_role", "state"),
        ("language", "es"),
        ("published", "2011-05-25"),
        ("facts_from", "2011-05-25"),
        ("facts_to", "2022-04-29"),
        ("kind", "structure"),
        ("reliability", "A"),
        ("credibility", "1"),
    ];
    let piece = |(paragraph, title, gist, stance, grade, theme, provisions): Article| {
        let said = [
            ("paragraph", paragraph),
            ("title", title),
            ("gist", gist),
            ("stance", stance),
            ("grade", grade),
            ("theme", theme),
            ("provisions", provisions),
        ];
        let fields = source.into_iter().chain(said);
        Piece {
            state: "MEX".to_owned(),
            fields: fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
        }
    };
    ACT.into_iter().map(piece).collect()
}

/// Enters what comes from one document: its source once, then only what each piece says. Returns the pages.
async fn enter(window: &Window, pieces: &[Piece]) -> Vec<String> {
    let mut pages = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let mut said: Vec<&str> = vec!["title", "gist", "stance", "grade", "kind", "theme"];
        said.extend(["paragraph", "facts_from", "facts_to"]);
        if at == 0 {
            window.goto(&format!("/states/{}/evidence/new", piece.state)).await;
            let mut typed: Vec<&str> = OF_THE_SOURCE.into();
            if piece.of("source_kind") == "concluding_observations" {
                window.fill("symbol", piece.of("symbol")).await;
                window.press("Read the symbol").await;
                typed.retain(|name| *name != "symbol" && !READ.contains(name));
                for name in READ {
                    assert_eq!(window.value(name).await, piece.of(name), "{name} is read");
                }
            }
            said.extend(typed);
        } else {
            window.follow("Add another from the same document").await;
            for name in OF_THE_SOURCE {
                let kept = window.value(name).await;
                assert_eq!(kept, pieces[at - 1].of(name), "{name} is kept");
                // Only a judgement that really is another one is chosen anew.
                if kept != piece.of(name) {
                    assert_eq!(name, "credibility");
                    said.push(name);
                }
            }
            assert_eq!(window.value("title").await, "", "and nothing else is");
        }
        let mut fields: Vec<(&str, &str)> = said.into_iter().map(|name| (name, piece.of(name))).collect();
        let provisions = piece.of("provisions").replace(';', ", ");
        fields.push(("provisions", &provisions));
        window.enter(&fields).await;
        if at == 1 {
            look_at(window, &format!("morning-form-{}", piece.state)).await;
        }
        window.press("Hand in for review").await;
        let page = window.text().await;
        assert!(page.contains(piece.of("title")), "{page}");
        assert!(page.contains("Handed in for review"), "{page}");
        pages.push(path(window).await);
    }
    pages
}

async fn path(window: &Window) -> String {
    window.place().await.split('?').next().expect("a path").to_owned()
}

/// It fits a desk and a phone, and axe-core finds nothing.
async fn look_at(window: &Window, name: &str) {
    for width in WIDTHS {
        assert!(window.fits(width).await, "{name} is wider than {width} px");
        window.shot(&format!("{name}-{width}")).await;
    }
    window.fits(WIDTHS[0]).await;
    let wrong = window.violations().await;
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
}

async fn sees(window: &Window, page: &str, texts: &[&str]) {
    window.goto(page).await;
    let shown = window.text().await;
    for text in texts {
        assert!(shown.contains(text), "“{text}” is not on {page}:\n{shown}");
    }
}

const COMMISSION: &str = "Forty people died behind a locked door in Ciudad Juárez";
const COURT: &str = "Detention of migrants may last 36 hours at most";

/// The workbook of the morning; wrong in three rows, or right in all.
fn workbook(wrong: bool) -> Vec<u8> {
    let unless = |right: &'static str, bad: &'static str| if wrong { bad } else { right };
    let commission = row(
        Noun::Evidence,
        &[
            ("title", COMMISSION),
            (
                "gist",
                "The national commission found that guards left men locked in while the station burned in March 2023.",
            ),
            ("symbol", "CNDH, Recomendación 111VG/2023"),
            ("published", "2023-07"),
            ("facts_to", "2023-03-27"),
            ("provisions", "ICRMW-17.1"),
            ("theme", "T09"),
            ("credibility", "1"),
        ],
    );
    let court = row(
        Noun::Evidence,
        &[
            ("title", COURT),
            (
                "gist",
                "The First Chamber held that keeping somebody in a station for longer than 36 hours is against the Constitution.",
            ),
            ("symbol", "SCJN, amparo en revisión 388/2022"),
            ("source_kind", "court_decision"),
            ("author_role", "state"),
            ("published", unless("2023-03-15", "15.03.2023")),
            ("stance", "qualifies"),
            ("grade", "2"),
            ("kind", "process"),
            ("provisions", "ICRMW-16.4"),
        ],
    );
    let made = shipped(|row| {
        row["source_kind"] == "upr" && !row["paragraph"].is_empty() && row["gist"].contains("accepted it")
    });
    let recommendations = made.iter().take(3).enumerate().map(|(at, made)| {
        row(
            Noun::Recommendations,
            &[
                ("state", &made["state"]),
                ("symbol", &made["symbol"]),
                ("paragraph", &made["paragraph"]),
                ("date", &made["published"]),
                ("text", &made["gist"]),
                ("themes", if at == 1 { unless("T39", "T99") } else { &made["theme"] }),
                (
                    "acceptance",
                    if at == 2 { unless("accepted", "yes") } else { "accepted" },
                ),
            ],
        )
    });
    let recommendations: Vec<_> = recommendations.collect();
    assert_eq!(recommendations.len(), 3);
    xlsx(&[
        (Noun::Evidence, vec![commission, court]),
        (Noun::Recommendations, recommendations),
    ])
}

/// Sends a workbook by the form.
async fn send(window: &Window, folder: &Path, name: &str, bytes: &[u8]) -> String {
    let file = folder.join(name);
    std::fs::write(&file, bytes).expect("written");
    window.goto("/imports").await;
    window.attach("file", &file).await;
    window.press("Send the file").await;
    window.text().await
}

/// Two pieces of evidence by workbook: three of its rows are wrong at first.
async fn import(window: &Window) {
    let template = window.download("/imports/template.xlsx").await;
    let mut template: Xlsx<_> = Xlsx::new(Cursor::new(template)).expect("a workbook");
    for noun in [Noun::Evidence, Noun::Recommendations] {
        let sheet = template.worksheet_range(noun.code()).expect("a sheet");
        let head = sheet.rows().next().expect("a head");
        // What must be filled is marked with a star.
        let plain = |cell: &Data| cell.to_string().trim_end_matches(" *").to_owned();
        let names: Vec<String> = head.iter().map(plain).collect();
        assert_eq!(
            names,
            heads(noun),
            "the rows of this test stand below the template's heads"
        );
    }
    let folder = std::env::temp_dir().join(format!("servanda-morning-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let told = send(window, &folder, "morning.xlsx", &workbook(true)).await;
    look_at(window, "morning-import-wrong").await;
    for text in [
        "evidence 3",
        "published",
        "15.03.2023",
        "recommendations 3",
        "themes",
        "T99",
        "recommendations 4",
        "acceptance",
    ] {
        assert!(told.contains(text), "“{text}” is not in:\n{told}");
    }
    window.choose("choice", "nothing").await;
    window.press("Go on").await;
    send(window, &folder, "mended.xlsx", &workbook(false)).await;
    look_at(window, "morning-import").await;
    window.choose("choice", "all").await;
    window.press("Go on").await;
    look_at(window, "morning-import-done").await;
    std::fs::remove_dir_all(folder).expect("removed");
    window.follow(&format!("MEX {COMMISSION}")).await;
    sees(window, &path(window).await, &[COMMISSION]).await;
}

fn verify(site: &Site) -> (Option<i32>, Value) {
    let done = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["audit", "verify", "--format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SERVANDA_DATABASE_URL", &site.test.url)
        .output()
        .expect("the program starts");
    let verdict = serde_json::from_slice(&done.stdout).expect("JSON");
    (done.status.code(), verdict)
}

/// Grades of the morning: state, provision, grade, reasons.
const GRADES: [(&str, &str, &str, &str); 3] = [
    (
        "MEX",
        "ICRMW-17.1",
        "1",
        "The Act says what a station has to offer; people died because nothing of it held.",
    ),
    ("SLV", "ICRMW-9", "1", "Relatives do not learn what inquiries found."),
    ("SLV", "ICRMW-83", "1", "An inquiry without an answer is no remedy."),
];

#[tokio::test]
async fn a_monitor_and_a_colleague_have_an_empty_desk_at_the_end_of_the_morning() {
    let site = Site::without_evidence().await;
    let window = Window::open(&site).await;
    window.sign_in(people::MONITOR).await;
    let nothing = "Nothing waits for you; no obligation waits for a grade.";
    sees(&window, "/desk", &[nothing]).await;

    let documents = SYMBOLS.map(from_document).into_iter().chain([from_act()]);
    let documents: Vec<Vec<Piece>> = documents.collect();
    let mut pages = Vec::new();
    for pieces in &documents {
        pages.extend(enter(&window, pieces).await);
    }
    assert_eq!(pages.len(), 20, "pieces entered");
    look_at(&window, "morning-item").await;
    import(&window).await;
    pages.push(path(&window).await);
    sees(&window, "/desk", &[nothing]).await;
    window.close().await;

    // The colleague reads five of the twenty-two.
    let colleague = Window::open(&site).await;
    colleague.sign_in(people::COLLEAGUE).await;
    sees(&colleague, "/desk", &["22 pieces wait for your review"]).await;
    sees(
        &colleague,
        "/desk/review",
        &["22 pieces of evidence that others handed in wait"],
    )
    .await;
    let missing = "Families of missing or dead migrants not told what inquiries found";
    let accepted = [ACT[5].1, ACT[6].1, ACT[7].1, COMMISSION, missing];
    for title in accepted {
        colleague.tick(title).await;
    }
    colleague.choose("step", "accept").await;
    look_at(&colleague, "morning-review").await;
    colleague.press("Decide").await;
    let left = colleague.text().await;
    assert!(
        left.contains("17 pieces of evidence that others handed in wait"),
        "{left}"
    );
    colleague.close().await;

    // The monitor grades what they serve.
    let window = Window::open(&site).await;
    window.sign_in(people::MONITOR).await;
    let three = "Nothing waits for you; 3 obligations wait for a grade, 1 of them contested.";
    sees(&window, "/desk", &[three]).await;
    look_at(&window, "morning-desk").await;
    sees(
        &window,
        "/desk/contested",
        &["1 obligation has strong evidence on both sides"],
    )
    .await;
    for (state, provision, grade, reasons) in GRADES {
        let page = format!("/states/{state}/obligations/{provision}");
        window.goto("/desk/ungraded").await;
        window.follow_to(&page).await;
        let shown = window.text().await;
        assert_eq!(shown.contains(", contested."), state == "MEX", "{page}:\n{shown}");
        if state == "MEX" {
            look_at(&window, "morning-obligation").await;
        }
        window.enter(&[("grade", grade), ("reasons", reasons)]).await;
        window.press("Save the grade").await;
        let shown = window.text().await;
        assert!(shown.contains(reasons), "{page}:\n{shown}");
    }
    sees(&window, "/desk", &[nothing]).await;
    look_at(&window, "morning-desk-empty").await;
    for queue in [
        "returned",
        "drafts",
        "gradings",
        "ungraded",
        "contested",
        "disagreements",
        "stale",
        "expired",
        "links",
    ] {
        sees(&window, &format!("/desk/{queue}"), &["This queue is empty"]).await;
    }

    // The day before knows nothing of it.
    for page in &pages {
        sees(&window, &format!("{page}?{BEFORE}"), &["There is no evidence"]).await;
    }
    let mut before: Vec<String> = ["/desk", "/desk/ungraded", "/desk/contested", "/desk/review"]
        .map(str::to_owned)
        .into();
    for state in ["MEX", "SLV", "LKA", "AZE"] {
        before.extend(
            ["", "/evidence", "/matrix", "/obligations", "/gaps", "/summary"]
                .map(|page| format!("/states/{state}{page}")),
        );
    }
    before.extend(GRADES.map(|(state, provision, ..)| format!("/states/{state}/obligations/{provision}")));
    before.extend(["station", "inquiries"].map(|word| format!("/search?q={word}")));
    let titles: Vec<&str> = documents
        .iter()
        .flatten()
        .map(|piece| piece.of("title"))
        .chain([COMMISSION, COURT])
        .collect();
    let mut told = Vec::new();
    for page in before {
        let with = if page.contains('?') { '&' } else { '?' };
        window.goto(&format!("{page}{with}{BEFORE}")).await;
        let shown = window.text().await;
        let said = titles.iter().copied().chain(GRADES.map(|grade| grade.3));
        told.extend(
            said.filter(|text| shown.contains(text))
                .map(|text| format!("{page}: {text}")),
        );
    }
    assert!(
        told.is_empty(),
        "the day before tells of the work:\n{}",
        told.join("\n")
    );
    window.close().await;

    // The record is whole, and says what somebody changes behind it.
    let (code, verdict) = verify(&site);
    assert_eq!((code, &verdict["whole"]), (Some(0), &Value::Bool(true)), "{verdict}");
    let swap = "UPDATE assessments SET document = replace(document, 'because nothing of it held', 'in spite of it')";
    site.test.execute(swap).await;
    let (code, verdict) = verify(&site);
    assert_eq!(code, Some(1));
    let found = verdict["found"].as_array().expect("rows");
    assert_eq!(found.len(), 1, "{verdict}");
    assert_eq!(found[0]["room"], "assessments");
    assert_eq!(found[0]["actor"], people::MONITOR);
    assert_eq!(found[0]["what"], "changed");
}
