//! The whole life of a piece of evidence on its pages: written, handed in, returned, mended, accepted, changed by two people at
//! once, talked about; and everything that somebody may send instead of what a form asks for.

use crate::support::app::TestApp;
use crate::support::bytes::pdf;
use crate::support::desk::typed;
use crate::support::people;
use axum::http::StatusCode;
use servanda::config::Layers;
use servanda::domain::reviews::ReviewStatus;
use servanda::files::Vault;
use servanda::store::{comments, evidence, users};

const NEW: &str = "/states/MEX/evidence/new";

/// A monitor sends the form; the address of the item.
async fn sent(app: &mut TestApp, changes: &[(&str, &str)]) -> String {
    app.see(NEW).await;
    let sent = app.post_form(NEW, &typed(changes)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.to().split('?').next().expect("a path").to_owned()
}

fn id(page: &str) -> servanda::domain::ids::EvidenceId {
    page.trim_start_matches("/evidence/").parse().expect("an id")
}

async fn status(app: &TestApp, page: &str) -> (i32, ReviewStatus) {
    let latest = evidence::latest(&app.test.db, id(page)).await.expect("readable");
    let latest = latest.expect("there");
    (latest.revision, latest.status)
}

async fn decide(app: &mut TestApp, page: &str, step: &str, remark: &str) -> crate::support::app::Answer {
    let items = app.see(page).await.value_of("items");
    let fields = [("items", items.as_str()), ("step", step), ("remark", remark)];
    app.post_form(&format!("{page}/review"), &fields).await
}

#[tokio::test]
async fn the_whole_life_of_an_item_on_its_pages() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    // A draft, written on, handed in.
    let page = sent(&mut app, &[("then", "draft")]).await;
    app.see(&format!("{page}?done=draft")).await.says(&[
        "Saved as a draft",
        ">draft</span>",
        "Hand in for review",
        "Write on",
    ]);
    let edit = format!("{page}/edit");
    let form = app.see(&edit).await;
    form.says(&[
        "value=\"2027-06-30\"",
        "value=\"strong\" selected",
        "value=\"nhri\" selected",
        "value=\"contradicts\" id=",
        "value=\"Recommendation 12/2026\"",
    ]);
    let seen = form.value_of("seen");
    let change = typed(&[
        ("seen", &seen),
        ("title", "Nine stations inspected"),
        ("then", "submit"),
    ]);
    let saved = app.post_form(&edit, &change).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(status(&app, &page).await, (2, ReviewStatus::Submitted));
    // Its author cannot review it; while it waits it cannot be changed.
    let own = app.see(saved.to()).await;
    own.says(&[
        "Handed in for review: it will serve",
        "somebody else has to review it",
        "Take it back",
    ])
    .keeps_quiet_about(&["Record the review", "Write on"]);
    assert_eq!(app.get(&edit).await.status, StatusCode::CONFLICT);
    assert_eq!(decide(&mut app, &page, "accept", "").await.status, StatusCode::CONFLICT);
    let late = app
        .post_form(&edit, &typed(&[("seen", "2"), ("gist", "Kept text.")]))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says(&["waits for review", "Kept text."]);

    // A colleague needs a remark to return it; what they typed stays.
    app.sign_in_as(people::COLLEAGUE).await;
    let bare = decide(&mut app, &page, "return", " ").await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.says(&["href=\"#remark\"", "value=\"return\" id=\"step-2\" checked"]);
    let returned = decide(&mut app, &page, "return", "Which stations?").await;
    assert_eq!(returned.status, StatusCode::SEE_OTHER, "{}", returned.text);
    app.sign_in_as(people::MONITOR).await;
    app.see(&page)
        .await
        .says(&["Which stations?", "Mend it", "returned with a remark"]);
    let seen = app.see(&edit).await.value_of("seen");
    app.post_form(&edit, &typed(&[("seen", &seen), ("gist", "Stations of three states.")]))
        .await;
    app.sign_in_as(people::COLLEAGUE).await;
    let accepted = decide(&mut app, &page, "accept", "").await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
    assert_eq!(status(&app, &page).await, (3, ReviewStatus::Accepted));

    // A change waits: the public sees what counts, a reviewer what would change.
    let seen = app.see(&edit).await.value_of("seen");
    app.post_form(
        &edit,
        &typed(&[
            ("seen", &seen),
            ("stance", "qualifies"),
            ("grade", "2"),
            ("link", "https://a.example/x"),
        ]),
    )
    .await;
    app.sign_in_as(people::MONITOR).await;
    app.see(&page).await.says(&[
        "What revision 4 changes in revision 3, which counts",
        "<del>shows it is not kept</del>",
        "<ins>qualifies</ins>",
        "<ins>https://a.example/x</ins>",
        "Record the review",
        "SHA-256 of what it says",
    ]);
    app.see(&format!("{page}?revision=1")).await.says(&[
        "Stations inspected without notice",
        "This is revision 1; revision 3 counts.",
    ]);
    app.leave();
    let public = app.see(&page).await;
    public
        .says(&[
            "Revision 3",
            "it serves",
            "by 2027-06-30",
            "strong: about exactly this duty",
        ])
        .keeps_quiet_about(&[
            "Revision 4",
            "Revision 1<",
            "Which stations?",
            "Record the review",
            "SHA-256 of what",
            "https://a.example/x",
        ]);
    for hidden in ["?revision=1", "?revision=4", "?revision=x", "?as_of=2026-11-22"] {
        assert_eq!(
            app.get(&format!("{page}{hidden}")).await.status,
            StatusCode::NOT_FOUND,
            "{hidden}"
        );
    }
    app.audited().await;
}

#[tokio::test]
async fn two_people_change_one_item_and_nothing_typed_is_lost() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = sent(&mut app, &[("then", "draft"), ("gist", "Nine stations.")]).await;
    let edit = format!("{page}/edit");
    // Both open revision 1. The colleague saves first: title, grade and provisions.
    app.sign_in_as(people::COLLEAGUE).await;
    let theirs = typed(&[
        ("seen", "1"),
        ("title", "Nine stations, one night"),
        ("gist", "Nine stations."),
        ("grade", "0"),
        ("provisions", "CAT-3"),
        ("then", "draft"),
    ]);
    app.see(&edit).await;
    assert_eq!(app.post_form(&edit, &theirs).await.status, StatusCode::SEE_OTHER);
    // The monitor typed other words, another grade, another reliability.
    app.sign_in_as(people::MONITOR).await;
    let gist = "Nine stations;\r\npeople held 40 hours & more.";
    let yours = typed(&[
        ("seen", "1"),
        ("gist", gist),
        ("grade", "2"),
        ("reliability", "B"),
        ("symbol", "Recommendation 13/2026"),
    ]);
    app.see(&edit).await;
    let merge = app.post_form(&edit, &yours).await;
    assert_eq!(merge.status, StatusCode::CONFLICT);
    merge.says(&[
        "Test monitor saved revision 2",
        "Nine stations, one night",
        "people held 40 hours &amp; more.",
        "value=\"theirs\" id=\"theirs-title\" checked",
        "value=\"theirs\" id=\"theirs-provisions\" checked",
        "value=\"yours\" id=\"yours-gist\" checked",
        "value=\"yours\" id=\"yours-reliability\" checked",
        "value=\"yours\" id=\"yours-symbol\" checked",
        "Both of you changed it.",
        "name=\"theme\" value=\"T08\"",
    ]);
    merge.keeps_quiet_about(&[
        "id=\"theirs-grade\" checked",
        "id=\"yours-grade\" checked",
        "id=\"theirs-stance\"",
    ]);
    assert_eq!(merge.value_of("seen"), "2");
    assert_eq!(status(&app, &page).await.0, 2, "nothing is saved yet");
    // As the browser sends it, with nothing chosen for the grade: asked again, everything kept.
    let mut fields = typed(&[
        ("seen", "2"),
        ("base", "1"),
        ("gist", gist),
        ("grade", "2"),
        ("reliability", "B"),
        ("symbol", "Recommendation 13/2026, corrected"),
        ("provisions", ""),
        ("pick_title", "theirs"),
        ("pick_provisions", "theirs"),
        ("pick_gist", "yours"),
        ("pick_reliability", "yours"),
        ("pick_symbol", "yours"),
    ]);
    let again = app.post_form(&edit, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.says(&[
        "choose which version to keep",
        "Recommendation 13/2026, corrected",
        "id=\"pick-grade-error\"",
        "value=\"theirs\" id=\"theirs-title\" checked",
    ]);
    fields.push(("pick_grade", "yours"));
    let saved = app.post_form(&edit, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let all = evidence::revisions_of(&app.test.db, id(&page)).await.expect("readable");
    assert_eq!(all.len(), 3);
    let last = &all[2].evidence;
    assert_eq!(last.title, "Nine stations, one night");
    assert_eq!(last.gist, "Nine stations;\npeople held 40 hours & more.");
    assert_eq!(last.grade.map(|grade| grade.number()), Some(2));
    assert_eq!(last.reliability.code(), "B");
    assert_eq!(last.symbol, "Recommendation 13/2026, corrected");
    assert_eq!(last.provisions.len(), 1);
    assert_eq!(
        all[1].evidence.grade.map(|grade| grade.number()),
        Some(0),
        "theirs is in the history"
    );
    // A third one who also started from revision 1 is asked once more, against what stands now.
    app.sign_in_as(people::ADMINISTRATOR).await;
    app.see(&page).await;
    let third = app
        .post_form(&edit, &typed(&[("seen", "1"), ("gist", "Eleven stations.")]))
        .await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    third.says(&["Test monitor saved revision 3", "Eleven stations.", "waits for review"]);
    app.audited().await;
}

#[tokio::test]
async fn what_is_typed_where_theirs_is_chosen_is_not_dropped() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = sent(&mut app, &[("then", "draft"), ("gist", "Nine stations.")]).await;
    let edit = format!("{page}/edit");
    app.sign_in_as(people::COLLEAGUE).await;
    app.see(&edit).await;
    let theirs = [
        ("seen", "1"),
        ("title", "Theirs"),
        ("gist", "Nine stations."),
        ("then", "draft"),
    ];
    app.post_form(&edit, &typed(&theirs)).await;
    app.sign_in_as(people::MONITOR).await;
    app.see(&edit).await;
    let merge = app
        .post_form(&edit, &typed(&[("seen", "1"), ("gist", "Eleven stations.")]))
        .await;
    merge.says(&["Only they changed it.", "value=\"theirs\" id=\"theirs-title\" checked"]);
    let shown: Vec<String> = merge
        .text
        .split("name=\"shown\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    let with = |shown: &[String], title: &'static str, chosen: &'static str| {
        let mut fields: Vec<(&str, String)> = typed(&[("seen", "2"), ("base", "1"), ("gist", "Eleven stations.")])
            .into_iter()
            .filter(|(name, _)| *name != "title")
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        fields.extend(shown.iter().map(|one| ("shown", one.clone())));
        for (name, value) in [("title", title), ("pick_title", chosen), ("pick_gist", "yours")] {
            fields.push((name, value.to_owned()));
        }
        fields
    };
    let fields = with(&shown, "My better title", "theirs");
    let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let again = app.post_form(&edit, &borrowed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    again.says(&[
        "My better title",
        "value=\"yours\" id=\"yours-title\" checked",
        "while “Theirs” was chosen",
        "While you were changing revision 1, Test monitor saved revision 2",
    ]);
    assert_eq!(status(&app, &page).await.0, 2);
    // Chosen once more with that in view, theirs is meant.
    let shown: Vec<String> = again
        .text
        .split("name=\"shown\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .collect();
    let fields = with(&shown, "My better title", "theirs");
    let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = app.post_form(&edit, &borrowed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let all = evidence::revisions_of(&app.test.db, id(&page)).await.expect("readable");
    assert_eq!(
        (all[2].evidence.title.as_str(), all[2].evidence.gist.as_str()),
        ("Theirs", "Eleven stations.")
    );
}

#[tokio::test]
async fn what_is_no_form_is_answered_clearly_and_nothing_is_saved() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let before = app.audited().await;
    app.see(NEW).await;
    // 10 MB in one field.
    let long = "x".repeat(10 * 1024 * 1024);
    let answer = app.post_form(NEW, &typed(&[("gist", &long)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.says(&["1 MB", "Nothing was saved", "shorten the text"]);
    // A field that fits the form and not the record.
    let wide = "y".repeat(10_001);
    let answer = app.post_form(NEW, &typed(&[("gist", &wide)])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says(&["is 10001 characters long", &wide]);
    // Days that are none, a state that is none, a stance that is none.
    let wrong = [
        ("published", "2026-13"),
        ("facts_from", "2026-02-30"),
        ("review_by", "2027-13-01"),
        ("stance", "maybe"),
        ("strength", "very"),
        ("then", "publish"),
    ];
    let answer = app.post_form(NEW, &typed(&wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, value) in wrong {
        let shown = name == "then"
            || name == "stance"
            || name == "strength"
            || answer.text.contains(&format!("value=\"{value}\""));
        assert!(shown, "{name}={value} is lost");
        assert!(
            name == "then" || answer.text.contains(&format!("href=\"#{name}\"")),
            "{name} is not named"
        );
    }
    let nowhere = app.post_form("/states/ATLANTIS/evidence/new", &typed(&[])).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    // Bytes that are no text.
    let broken = app.post_raw(NEW, "title=%FF%FE%C3%28&gist=x").await;
    assert!(broken.status.is_client_error(), "{}", broken.status);
    assert!(!broken.text.contains("panicked"));
    for path in [
        "/evidence/none/edit",
        "/evidence/00000000-0000-0000-0000-000000000001/edit",
    ] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(app.audited().await, before, "something was written");
}

#[tokio::test]
async fn attacks_in_every_field_stay_text() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let attack = "</textarea></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}";
    let short = "\"><script>";
    let page = sent(
        &mut app,
        &[
            ("title", attack),
            ("gist", attack),
            ("symbol", attack),
            ("paragraph", short),
        ],
    )
    .await;
    let edit = format!("{page}/edit");
    app.see(&page).await;
    app.post_form(
        "/comments",
        &[("on", page.trim_start_matches("/evidence/")), ("text", attack)],
    )
    .await;
    app.sign_in_as(people::COLLEAGUE).await;
    decide(&mut app, &page, "return", attack).await;
    app.see(&edit).await;
    let all: Vec<(&str, &str)> = servanda::domain::revisions::FIELDS
        .iter()
        .map(|(name, _)| (*name, attack))
        .collect();
    let wrong = app.post_form(&edit, &[&all[..], &[("seen", "1")]].concat()).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stale = app
        .post_form(&edit, &typed(&[("seen", "1"), ("title", attack), ("gist", "New.")]))
        .await;
    assert_eq!(stale.status, StatusCode::SEE_OTHER, "{}", stale.text);
    let merge = app
        .post_form(&edit, &typed(&[("seen", "1"), ("title", "T"), ("gist", attack)]))
        .await;
    assert_eq!(merge.status, StatusCode::CONFLICT);
    let shown = [
        app.see(&page).await,
        app.see("/states/MEX/evidence?status=open").await,
        wrong,
        merge,
    ];
    for answer in shown {
        answer.keeps_quiet_about(&["<script", "<img", ">49"]);
    }
    app.audited().await;
}

#[tokio::test]
async fn a_draft_is_invisible_to_the_public() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let title = "Zacatecas station without water";
    let page = sent(&mut app, &[("then", "draft"), ("title", title)]).await;
    app.see("/states/MEX/evidence?status=returned")
        .await
        .says(&["Nothing waits here"]);
    let list = app.see("/states/MEX/evidence?status=draft").await;
    list.says(&[title, ">draft</span>"]);
    app.see("/states/MEX/evidence?status=open&q=zacatecas%20WATER")
        .await
        .says(&[title]);
    app.see("/states/MEX/evidence").await.keeps_quiet_about(&[title]);
    for who in [None, Some(people::READER), Some(people::OFFICIAL)] {
        app.leave();
        if let Some(email) = who {
            app.sign_in_as(email).await;
        }
        for path in [page.clone(), format!("{page}?revision=1"), format!("/api/v1{page}")] {
            assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in [
            "/states/MEX/evidence",
            "/states/MEX/evidence.csv",
            "/states/MEX/evidence.json?q=Zacatecas",
            "/api/v1/evidence?state=MEX",
            "/api/v1/evidence?state=MEX&format=csv",
            "/states/MEX",
            "/states/MEX/summary",
            "/states/MEX/obligations/ICRMW-16.4",
            "/themes/T08",
            "/states?q=Zacatecas",
        ] {
            app.see(path).await.keeps_quiet_about(&[title]);
        }
        let asked = app.get("/states/MEX/evidence?status=draft").await.status;
        assert_eq!(asked, StatusCode::FORBIDDEN);
        let api = app.get(&format!("/api/v1{page}/revisions")).await.status;
        assert!(
            [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&api),
            "{api}"
        );
        let edit = app.get(&format!("{page}/edit")).await.status;
        assert!([StatusCode::SEE_OTHER, StatusCode::FORBIDDEN].contains(&edit), "{edit}");
    }
}

#[tokio::test]
async fn comments_are_assigned_and_settled_and_no_visitor_sees_them() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = sent(&mut app, &[]).await;
    let on = page.trim_start_matches("/evidence/").to_owned();
    app.see(&page).await;
    let empty = app
        .post_form("/comments", &[("on", &on), ("text", " "), ("assign", people::READER)])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.says(&[
        "href=\"#comment-text\"",
        "href=\"#comment-assign\"",
        "no monitor or administrator",
    ]);
    let said = [
        ("on", on.as_str()),
        ("text", "Is page 14 meant?"),
        ("assign", people::COLLEAGUE),
    ];
    let sent = app.post_form("/comments", &said).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let obligation = "/states/MEX/obligations/ICRMW-16.4";
    let team = [
        ("on", "MEX/ICRMW-16.4"),
        ("text", "Who knows the new law?"),
        ("assign", "@monitor"),
    ];
    app.post_form("/comments", &team).await;
    app.see(obligation)
        .await
        .says(&["Who knows the new law?", "for all monitors"]);

    let db = &app.test.db;
    let colleague = users::by_email(db, &people::COLLEAGUE.parse().expect("an address"))
        .await
        .expect("readable")
        .expect("there");
    let waiting = comments::assigned_to(db, &colleague, 0).await.expect("readable");
    assert_eq!(waiting.len(), 2);
    assert_eq!(comments::count_assigned_to(db, &colleague).await.expect("readable"), 2);
    assert!(
        comments::assigned_to(db, &colleague, 1)
            .await
            .expect("readable")
            .is_empty()
    );
    // Asked of somebody else, then settled, once.
    let path = format!("/comments/{}", waiting[0].id);
    app.sign_in_as(people::COLLEAGUE).await;
    app.see(&page).await.says(&["Is page 14 meant?", "Settled"]);
    let asked = app
        .post_form(&path, &[("step", "assign"), ("assign", "@administrator")])
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    assert_eq!(
        comments::count_assigned_to(&app.test.db, &colleague)
            .await
            .expect("readable"),
        1
    );
    assert_eq!(
        app.post_form(&path, &[("step", "resolve")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        app.post_form(&path, &[("step", "resolve")]).await.status,
        StatusCode::CONFLICT
    );
    app.see(&page).await.says(&["settled by Test monitor"]);
    app.audited().await;

    app.see(&page).await;
    decide(&mut app, &page, "accept", "").await;
    app.leave();
    for path in [
        page.as_str(),
        obligation,
        "/api/v1/obligations?state=MEX&theme=T08",
        &format!("/api/v1{page}"),
    ] {
        app.see(path)
            .await
            .keeps_quiet_about(&["Is page 14 meant?", "Who knows the new law?", "Comments</h2>"]);
    }
    app.sign_in_as(people::READER).await;
    app.see(&page).await.keeps_quiet_about(&["Is page 14 meant?"]);
    assert_eq!(app.post_form("/comments", &said).await.status, StatusCode::FORBIDDEN);
    // Changed behind the program's back, it is named.
    app.test.execute("UPDATE comments SET text = 'No.'").await;
    let found = servanda::store::audit::verify(&app.test.db)
        .await
        .expect("readable")
        .expect_err("noticed");
    assert!(found.contains("of comments"), "{found}");
}

#[tokio::test]
async fn nothing_is_typed_twice_and_the_form_says_what_it_will_serve() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = sent(&mut app, &[("link", "https://a.example/12"), ("language", "es")]).await;
    let item = app.see(&page).await;
    let another = app.see(&item.link("Add another from the same document")).await;
    another
        .says(&[
            "value=\"Recommendation 12/2026\"",
            "value=\"https://a.example/12\"",
            "value=\"es\"",
            "value=\"2026-03\"",
            "value=\"nhri\" selected",
            "value=\"A\" selected",
            "value=\"2\" selected",
        ])
        .keeps_quiet_about(&[
            "Stations inspected",
            "p. 14",
            "value=\"T08\" selected",
            "value=\"contradicts\" id=\"stance-2\" checked",
        ]);
    let fill = format!("{NEW}?fill=1");
    let read = app
        .post_form(&fill, &[("symbol", "CMW/C/MEX/CO/3"), ("title", "Half")])
        .await;
    read.says(&[
        "CMW/C/MEX/CO/3 was read and filled in: kind of source, who says so and where it can be read.",
        "value=\"concluding_observations\" selected",
        "value=\"treaty_body\" selected",
        "value=\"https://",
        "value=\"Half\"",
    ]);
    let other = app
        .post_form(&fill, &[("symbol", "CMW/C/ALB/CO/2"), ("gist", "Kept.")])
        .await;
    other.says(&["href=\"#symbol\"", "is about ALB", "Kept."]);
    let none = app.post_form(&fill, &[("symbol", "Recommendation 12/2026")]).await;
    none.says(&["is no symbol that can be read"]);
    let look = app
        .post_form(&format!("{NEW}?look=1"), &[("theme", "T23"), ("title", "Half")])
        .await;
    assert_eq!(look.status, StatusCode::OK);
    look.says(&[
        "it will serve",
        "once in force for Mexico",
        "value=\"Half\"",
        "Nothing is saved yet",
    ]);
    let sentences = look.text.matches("once in force for Mexico").count();
    assert_eq!(sentences, 1, "one sentence");
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let old = sent(
        &mut app,
        &[
            ("title", "Ábaco of the old kind"),
            ("review_by", "2026-11-30"),
            ("source_kind", "media"),
            ("reliability", "D"),
        ],
    )
    .await;
    app.sign_in_as(people::COLLEAGUE).await;
    decide(&mut app, &old, "accept", "").await;
    app.leave();
    app.at("2026-12-01T08:00:00Z");
    let title = "Ábaco of the old kind";
    for fits in [
        "?kind=media&reliability=D",
        "?expired=1",
        "?q=abaco",
        "?q=OLD%20%C3%81baco",
        "?sort=title",
        "?sort=entered",
        "?sort=reliability&kind=media",
    ] {
        app.see(&format!("/states/MEX/evidence{fits}"))
            .await
            .says(&[title, "out of date"]);
    }
    for not in [
        "?kind=law",
        "?reliability=A&kind=media",
        "?q=abacus",
        "?as_of=2026-11-22",
    ] {
        app.see(&format!("/states/MEX/evidence{not}"))
            .await
            .keeps_quiet_about(&[title]);
    }
    for wrong in [
        "?kind=rumour",
        "?reliability=Z",
        "?sort=colour",
        "?stance=maybe",
        "?as_of=2026-13-01",
    ] {
        let answer = app.get(&format!("/states/MEX/evidence{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let table = app.see("/states/MEX/evidence.csv?kind=media&q=abaco").await;
    assert_eq!(table.text.matches("Ábaco").count(), 1);
    let link = app.see("/states/MEX/evidence?kind=media").await.link("title");
    assert_eq!(link, "/states/MEX/evidence?kind=media&sort=title");
}

#[tokio::test]
async fn a_file_comes_with_the_form_stays_when_it_is_shown_again_and_is_downloaded() {
    let settings = Layers::defaults().build().expect("valid");
    let vault = Vault::in_memory(&settings.files);
    let mut app = TestApp::start_with(|state| state.with_vault(vault)).await;
    app.sign_in_as(people::MONITOR).await;
    app.see(NEW).await;
    fn bytes<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a [u8])> {
        fields.iter().map(|(name, text)| (*name, text.as_bytes())).collect()
    }
    let report: &[(&str, &[u8])] = &[("report.pdf", &pdf(5_000))];
    // Something else is wrong: the file is not asked for twice.
    let again = app
        .upload(NEW, &bytes(&typed(&[("published", "2026-13")])), report)
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sha256 = again.value_of("file");
    assert_eq!(sha256.len(), 64, "{}", again.text);
    again.says(&["report.pdf” (", "Take the file off", "enctype=\"multipart/form-data\""]);
    let sent = app.post_form(NEW, &typed(&[("file", &sha256)])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = sent.to().split('?').next().expect("a path").to_owned();
    let address = format!("/files/{sha256}/report.pdf");
    app.see(&page)
        .await
        .says(&["report.pdf, ", "a PDF document", &address, "SHA-256 of its file"]);
    assert_eq!(app.get(&address).await.status, StatusCode::OK);
    // Nobody has accepted it: the public gets neither.
    app.leave();
    assert_ne!(app.get(&address).await.status, StatusCode::OK);
    app.sign_in_as(people::COLLEAGUE).await;
    decide(&mut app, &page, "accept", "").await;
    app.leave();
    app.see(&page).await.says(&["report.pdf"]);
    assert_eq!(app.get(&address).await.status, StatusCode::OK);
    // A file that is not taken is named beside its field; what was typed stays. A file that nobody sent is refused.
    app.sign_in_as(people::MONITOR).await;
    let edit = format!("{page}/edit");
    app.see(&edit).await.says(&["report.pdf” ("]);
    let change = typed(&[("seen", "1"), ("file", &sha256), ("gist", "Kept text.")]);
    let refused = app
        .upload(&edit, &bytes(&change), &[("x.pdf", b"MZ\x90\x00 a program")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says(&["href=\"#upload\"", "Kept text."]);
    let made_up = app
        .post_form(&edit, &typed(&[("seen", "1"), ("file", &"0a".repeat(32))]))
        .await;
    assert_eq!(made_up.status, StatusCode::UNPROCESSABLE_ENTITY);
    made_up.says(&["there is no file with this SHA-256"]);
    // Kept through a change, and taken off.
    let kept = app
        .post_form(&edit, &typed(&[("seen", "1"), ("file", &sha256), ("then", "draft")]))
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let off = typed(&[("seen", "2"), ("file", &sha256), ("drop_file", "1"), ("then", "draft")]);
    assert_eq!(app.post_form(&edit, &off).await.status, StatusCode::SEE_OTHER);
    let all = evidence::revisions_of(&app.test.db, id(&page)).await.expect("readable");
    let files: Vec<bool> = all.iter().map(|one| one.evidence.file.is_some()).collect();
    assert_eq!(files, [true, true, false]);
    app.audited().await;
}

#[tokio::test]
async fn a_second_symbol_replaces_what_the_first_filled_in_and_leaves_what_was_typed() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let fill = format!("{NEW}?fill=1");
    app.see(NEW).await;
    let first = app.post_form(&fill, &[("symbol", "CMW/C/MEX/CO/3")]).await;
    assert_eq!(first.value_of("read"), "CMW/C/MEX/CO/3");
    let again = [
        ("symbol", "CMW/C/MEX/3"),
        ("read", "CMW/C/MEX/CO/3"),
        ("source_kind", "concluding_observations"),
        ("author_role", "treaty_body"),
        ("link", "https://docs.un.org/en/CMW/C/MEX/CO/3"),
        ("title", "Typed"),
    ];
    let second = app.post_form(&fill, &again).await;
    second
        .says(&[
            "value=\"state_report\" selected",
            "value=\"state\" selected",
            "value=\"https://docs.un.org/en/CMW/C/MEX/3\"",
            "value=\"Typed\"",
        ])
        .keeps_quiet_about(&["Look again"]);
    assert_eq!(second.value_of("read"), "CMW/C/MEX/3");
    // A kind and a link that a person chose stay, and the form says what does not fit.
    let mut own = again.to_vec();
    own.retain(|(name, _)| !["source_kind", "link"].contains(name));
    own.extend([
        ("source_kind", "media"),
        ("link", "https://undocs.org/en/CMW/C/MEX/CO/2"),
    ]);
    app.post_form(&fill, &own).await.says(&[
        "value=\"media\" selected",
        "value=\"state\" selected",
        "this link names CMW/C/MEX/CO/2, and the document above is CMW/C/MEX/3.",
        "by its symbol, CMW/C/MEX/3 is",
    ]);
}

#[tokio::test]
async fn what_cannot_both_be_meant_is_asked_about() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app.see(NEW).await;
    for (changes, field, why) in [
        (
            vec![("stance", "supports"), ("grade", "0")],
            "grade",
            "goes against “shows it is kept”",
        ),
        (
            vec![("stance", "supports"), ("grade", "1")],
            "grade",
            "goes against “shows it is kept”",
        ),
        (
            vec![("stance", "contradicts"), ("grade", "4")],
            "grade",
            "goes against “shows it is not kept”",
        ),
        (vec![("published", "1826")], "published", "lies before 1900"),
        (vec![("facts_from", "0206-01")], "facts_from", "lies before 1900"),
        (vec![("facts_to", "2031")], "facts_to", "lies in the future"),
        (vec![("review_by", "2026-11-22")], "review_by", "lies in the past"),
        (
            vec![("language", "xx")],
            "language",
            "is not the two letters of a language",
        ),
    ] {
        let answer = app.post_form(NEW, &typed(&changes)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        answer.says(&[&format!("href=\"#{field}"), why]);
    }
    let look = format!("{NEW}?look=1");
    app.post_form(&look, &typed(&[("provisions", "ICRMW 16(4), CAT-3")]))
        .await
        .says(&["CAT 3 speaks of another right than the theme chosen above."])
        .keeps_quiet_about(&["ICRMW 16(4) speaks"]);
    let fine = [("stance", "contradicts"), ("grade", "3"), ("language", "ES")];
    let page = sent(&mut app, &fine).await;
    let held = evidence::latest(&app.test.db, id(&page)).await.expect("readable");
    assert_eq!(held.expect("there").evidence.language, "es");
}

#[tokio::test]
async fn provisions_are_taken_by_the_names_that_the_site_prints() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let names = "ICRMW 16(4), CRC 37(b)-(d); art. 16(5) ICRMW";
    let page = sent(&mut app, &[("theme", ""), ("provisions", names)]).await;
    let held = evidence::latest(&app.test.db, id(&page)).await.expect("readable");
    let held = held.expect("there").evidence.provisions;
    let held: Vec<&str> = held.iter().map(|id| id.as_str()).collect();
    assert_eq!(held, ["CRC-37.(B)-(D)", "ICRMW-16.4", "ICRMW-16.5"]);
    app.see("/states/MEX/obligations?theme=T08")
        .await
        .says(&["CRC 37(b)-(d)"])
        .keeps_quiet_about(&[">CRC-37."]);
}

#[tokio::test]
async fn what_just_happened_is_told_as_it_happened() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = sent(&mut app, &[]).await;
    app.see(&page).await;
    let fields = [
        ("on", page.trim_start_matches("/evidence/")),
        ("text", "Which stations?"),
    ];
    let sent = app.post_form("/comments", &fields).await;
    app.see(sent.to())
        .await
        .says(&["The comment is kept."])
        .keeps_quiet_about(&["Handed in for review: it"]);
    let back = decide(&mut app, &page, "take_back", "").await;
    app.see(back.to())
        .await
        .says(&["Taken back: it is a draft again"])
        .keeps_quiet_about(&["the review is recorded"]);
    let handed = decide(&mut app, &page, "submit", "").await;
    app.see(handed.to())
        .await
        .says(&["Handed in for review: it will serve"]);
}
