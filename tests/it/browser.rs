//! People at work in a real browser. Needs chromedriver, which `tests/run` starts.

use crate::support::browser::{Site, WIDTHS, Window};
use crate::support::{desk, people};

/// Every page, as a visitor or as the account named.
const PAGES: [(&str, &str); 38] = [
    ("home", "/"),
    ("search", "/search?q=detention&state=CYP"),
    ("search-nothing", "/search?q=detantion+zebra"),
    ("states", "/states"),
    ("state", "/states/CYP"),
    ("state-empty", "/states/TON"),
    ("obligations", "/states/CYP/obligations?theme=T23"),
    ("obligation", "/states/CYP/obligations/ICESCR-7"),
    ("obligation-causes", "/states/LKA/obligations/ICRMW-65.1"),
    ("gaps", "/states/CYP/gaps"),
    ("state-causes", "/states/CYP/causes"),
    ("causes", "/causes?state=LKA"),
    ("summary", "/states/CYP/summary"),
    ("state-deadlines", "/states/ALB/deadlines"),
    ("state-evidence", "/states/CYP/evidence"),
    ("instruments", "/instruments"),
    ("instrument", "/instruments/ICRMW"),
    ("themes", "/themes"),
    ("theme", "/themes/T08"),
    ("deadlines", "/deadlines"),
    ("calendar", "/deadlines/calendar"),
    ("about", "/about"),
    ("sign-in", "/sign-in"),
    ("new-evidence", "/states/CYP/evidence/new"),
    ("new-action", "/states/CYP/actions/new"),
    ("new-report", "/states/ALB/reports/new"),
    ("reminders", "/reminders"),
    ("desk", "/desk"),
    ("desk-review", "/desk/review"),
    ("desk-ungraded", "/desk/ungraded?state=CYP"),
    ("matrix", "/states/CYP/matrix"),
    ("matrix-empty", "/states/CYP/matrix?as_of=1940-01-01"),
    ("imports", "/imports"),
    ("status-pages", "/sources/untc"),
    ("recommendations", "/states/MEX/recommendations"),
    ("history", "/history/states/MEX"),
    ("history-participation", "/history/participation/MEX/ICRMW"),
    ("not-found", "/states/MEXX"),
];

#[tokio::test]
async fn every_page_is_usable_by_everybody_on_a_desk_and_on_a_phone() {
    let site = Site::start().await;
    let window = Window::open(&site).await;
    let mut wrong = Vec::new();
    for signed_in in [false, true] {
        if signed_in {
            window.sign_in(people::ADMINISTRATOR).await;
        }
        for (name, path) in PAGES {
            window.goto(path).await;
            for width in WIDTHS {
                if !window.fits(width).await {
                    wrong.push(format!("{name} is wider than {width} px"));
                }
                window
                    .shot(&format!("{name}-{width}{}", if signed_in { "-signed-in" } else { "" }))
                    .await;
            }
            wrong.extend(
                window
                    .violations()
                    .await
                    .into_iter()
                    .map(|line| format!("{name}: {line}")),
            );
        }
    }
    window.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_monitor_adds_evidence_that_serves_every_treaty_and_records_grade_and_cause() {
    let site = Site::start().await;
    let window = Window::open(&site).await;
    window.sign_in(people::MONITOR).await;

    window.goto("/states/MEX/evidence/new").await;
    window
        .fill("title", "Court limits detention of migrants to 36 hours")
        .await;
    window
        .fill(
            "gist",
            "The Supreme Court held that administrative detention of migrants may not exceed 36 hours.",
        )
        .await;
    window.fill("source_kind", "court_decision").await;
    window.fill("author_role", "state").await;
    window.fill("stance", "qualifies").await;
    window.fill("kind", "process").await;
    window.fill("reliability", "A").await;
    window.fill("credibility", "2").await;
    window.fill("grade", "2").await;
    window.fill("published", "2023-03-15").await;
    window.fill("theme", "T08").await;
    window.press("Hand in for review").await;
    desk::accept(&site.test.db, &window.place().await).await;
    let served = window.text().await;
    for provision in ["ICRMW 16(1)", "ICRMW 16(4)", "ICCPR 9(1)"] {
        assert!(served.contains(provision), "{provision} is not served:\n{served}");
    }

    window.goto("/states/MEX/obligations?theme=T08").await;
    window.follow_to("/states/MEX/obligations/ICRMW-16.4").await;
    let page = window.text().await;
    assert!(
        page.contains("Court limits detention of migrants to 36 hours"),
        "{page}"
    );
    window.choose("grade", "2").await;
    window
        .fill(
            "reasons",
            "The court's limit is law; practice in stations still exceeds it.",
        )
        .await;
    window.press("Save the grade").await;
    assert!(
        window.text().await.contains("partly in place"),
        "{}",
        window.text().await
    );
    window.choose("cause", "resources").await;
    window
        .fill(
            "rationale",
            "Stations lack judges and counsel to decide within 36 hours.",
        )
        .await;
    window.press("Save the cause").await;

    window.goto("/states/MEX/summary").await;
    let summary = window.text().await;
    assert!(
        summary.contains("partly in place") && summary.contains("lack of resources"),
        "{summary}"
    );
    // From a figure of the summary to its evidence in two clicks.
    window.follow_to("/states/MEX/obligations/ICRMW-16.4").await;
    window.follow("Court limits detention of migrants to 36 hours").await;
    assert!(
        window.place().await.starts_with("/evidence/"),
        "{}",
        window.place().await
    );
    window.close().await;
}

#[tokio::test]
async fn the_keyboard_alone_suffices() {
    let site = Site::start().await;
    let window = Window::open(&site).await;
    window.goto("/states/MEX").await;
    window.key('\u{e004}').await; // Tab
    let first = window.focus().await;
    assert!(
        first.starts_with("A|") && first.to_lowercase().contains("skip"),
        "the first stop is the skip link, not {first}"
    );
    window.key('\u{e007}').await; // Enter
    window.goto("/sign-in").await;
    let mut reached = Vec::new();
    for _ in 0..25 {
        window.key('\u{e004}').await;
        let stop = window.focus().await;
        if stop.starts_with("INPUT|email") {
            window.key('m').await;
        }
        reached.push(stop);
    }
    for needed in ["INPUT|email", "INPUT|password", "BUTTON|"] {
        assert!(
            reached.iter().any(|stop| stop.starts_with(needed)),
            "{needed} is not reached: {reached:?}"
        );
    }
    window.close().await;
}

/// A page that fits both widths and on which axe-core finds nothing.
async fn usable(window: &Window, name: &str, wrong: &mut Vec<String>) {
    for width in WIDTHS {
        if !window.fits(width).await {
            wrong.push(format!("{name} is wider than {width} px"));
        }
        window.shot(&format!("{name}-{width}")).await;
    }
    window.fits(WIDTHS[0]).await;
    let found = window.violations().await;
    wrong.extend(found.into_iter().map(|line| format!("{name}: {line}")));
}

#[tokio::test]
async fn the_pages_on_which_evidence_is_written_reviewed_and_merged_are_usable() {
    let site = Site::start().await;
    let window = Window::open(&site).await;
    let mut wrong = Vec::new();
    window.sign_in(people::MONITOR).await;
    window.goto("/states/MEX/evidence/new?theme=T08").await;
    window.fill("symbol", "CMW/C/MEX/CO/3").await;
    window.press("Read the symbol").await;
    usable(&window, "evidence-form", &mut wrong).await;
    window.fill("title", "Stations inspected").await;
    window
        .fill("gist", "Nine stations were inspected without notice.")
        .await;
    window.fill("published", "2017-09").await;
    window.choose("stance", "contradicts").await;
    window.choose("kind", "outcome").await;
    window.fill("reliability", "A").await;
    window.fill("credibility", "2").await;
    window.press("Save as draft").await;
    let page = window.place().await.split('?').next().expect("a path").to_owned();
    usable(&window, "evidence-draft", &mut wrong).await;
    // While the monitor writes, the colleague saves another revision.
    window.goto(&format!("{page}/edit")).await;
    desk::retitle(&site.test.db, &page, "Nine stations, one night").await;
    window.fill("title", "Stations inspected at night").await;
    window.fill("paragraph", "33").await;
    window.press("Hand in for review").await;
    usable(&window, "evidence-merge", &mut wrong).await;
    let merge = window.text().await;
    assert!(
        merge.contains("Nine stations, one night") && merge.contains("Both of you changed it"),
        "{merge}"
    );
    window.choose("pick_title", "yours").await;
    window.fill("title", "Nine stations inspected at night").await;
    window.press("Hand in for review").await;
    let saved = window.text().await;
    assert!(saved.contains("Handed in for review: it will serve"), "{saved}");
    window.fill("text", "Which paragraph of the report?").await;
    window.press("Save the comment").await;
    assert!(window.text().await.contains("Which paragraph of the report?"));
    window.close().await;
    let window = Window::open(&site).await;
    window.sign_in(people::COLLEAGUE).await;
    window.goto(&page).await;
    window.press("Record the review").await;
    usable(&window, "evidence-review", &mut wrong).await;
    window.choose("step", "accept").await;
    window.press("Record the review").await;
    usable(&window, "evidence-accepted", &mut wrong).await;
    let done = window.text().await;
    assert!(
        done.contains("Nine stations inspected at night") && done.contains("it serves"),
        "{done}"
    );
    window.goto("/states/MEX/evidence?status=open").await;
    usable(&window, "evidence-list", &mut wrong).await;
    window.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
