//! A real browser on a real server: Chromium through chromedriver, as `tests/run` starts it.

use super::db::TestDb;
use super::desk::morning;
use crate::support::people;
use axum::body::{Body, to_bytes};
use axum::http::Method;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use servanda::actions::import::{Source, import};
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::store::library::Library;
use servanda::templates::Templates;
use servanda::web::{AppState, router};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A served site with the shipped data and one account of each role.
pub struct Site {
    /// Its database.
    pub test: TestDb,
    /// Its address, without a slash at the end.
    pub address: String,
}

impl Site {
    /// Serves on a free port until the test ends.
    pub async fn start() -> Self {
        Self::serve(TestDb::shipped().await).await
    }

    /// The same with the shipped law, and without a piece of evidence or a cause: what a monitor finds who begins.
    pub async fn without_evidence() -> Self {
        let test = TestDb::fresh().await;
        let package = std::env::temp_dir().join(format!("servanda-law-{}", uuid::Uuid::now_v7()));
        copy(&fixtures(), &package);
        for table in ["evidence.csv", "causes.csv"] {
            let text = std::fs::read_to_string(package.join(table)).expect("a table");
            let head = text.lines().next().expect("a head");
            std::fs::write(package.join(table), format!("{head}\n")).expect("written");
        }
        let source = Source::Path(&package);
        let done = import(&test.db, source, false, morning(), &|_, _| {}).await;
        std::fs::remove_dir_all(&package).expect("removed");
        done.expect("the shipped law");
        Self::serve(test).await
    }

    async fn serve(test: TestDb) -> Self {
        let clock = Clock::fixed(morning());
        people::make(&test.db, clock.now()).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let config = Layers::defaults()
            .flag("base_url", "test", Some(&address))
            .build()
            .expect("valid");
        let templates = Templates::load().expect("templates");
        let state = AppState::new(
            test.db.clone(),
            Arc::new(Library::default()),
            clock,
            Arc::new(config),
            templates,
        );
        tokio::spawn(async move { axum::serve(listener, router(&state)).await });
        Self { test, address }
    }
}

/// The folder of the shipped data.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let there = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &there);
        } else {
            std::fs::copy(&path, &there).expect("copied");
        }
    }
}

/// A window of the browser.
pub struct Window {
    client: Client,
    address: String,
}

/// A page seen on a desk and on a phone.
pub const WIDTHS: [u32; 2] = [1280, 390];

impl Window {
    /// Opens a window on the site; none where the run has no browser (`tests/run` always has).
    pub async fn open(site: &Site) -> Self {
        let driver =
            std::env::var("SERVANDA_TEST_WEBDRIVER").expect("SERVANDA_TEST_WEBDRIVER: start the tests with tests/run");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let Value::Object(wanted) = json!({ "goog:chromeOptions": { "args": arguments } }) else {
            panic!("an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&driver)
            .await;
        Self {
            client: client.expect("chromedriver answers"),
            address: site.address.clone(),
        }
    }

    /// Goes to a place on the site.
    pub async fn goto(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.address))
            .await
            .expect("the page loads");
    }

    /// Signs in by the form.
    pub async fn sign_in(&self, email: &str) {
        self.goto("/sign-in").await;
        self.fill("email", email).await;
        self.fill("password", people::PASSWORD).await;
        self.press("Sign in").await;
    }

    /// Types into the field of that name.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await;
        let field = field.unwrap_or_else(|error| panic!("no field {name}: {error}"));
        let kind = field.attr("type").await.expect("a type").unwrap_or_default();
        if field.tag_name().await.expect("a tag") == "select" {
            let chosen = field.select_by_value(text).await;
            chosen.unwrap_or_else(|error| panic!("{name} has no choice {text}: {error}"));
        } else if kind == "radio" {
            self.choose(name, text).await;
        } else {
            field.clear().await.unwrap_or_else(|error| panic!("{name}: {error}"));
            field.send_keys(text).await.expect("typed");
        }
    }

    /// Fills in many fields at once, each with what it would hold after typing and choosing.
    pub async fn enter(&self, fields: &[(&str, &str)]) {
        let script = "for (const [name, value] of arguments[0]) {\
            const all = [...document.querySelectorAll(`main form [name='${name}']`)];\
            const round = all.find(e => e.type === 'radio' && e.value === value);\
            const field = all.find(e => !['radio', 'checkbox'].includes(e.type));\
            if (round) { round.click(); continue; }\
            if (!field) { throw new Error(`no field ${name} for ${value}`); }\
            field.value = value;\
            if (field.value !== value) { throw new Error(`${name} does not take ${value}`); } }";
        let filled = self.client.execute(script, vec![json!(fields)]).await;
        filled.unwrap_or_else(|error| panic!("{fields:?}: {error}"));
    }

    /// What the field of that name holds.
    pub async fn value(&self, name: &str) -> String {
        let script = "return document.querySelector(`main form [name='${arguments[0]}']`).value";
        let held = self.client.execute(script, vec![json!(name)]).await;
        let held = held.unwrap_or_else(|error| panic!("no field {name}: {error}"));
        held.as_str().unwrap_or_default().to_owned()
    }

    /// Ticks the box of the row of a table whose head has those words.
    pub async fn tick(&self, row: &str) {
        let path = format!("//main//tr[th//a[normalize-space(.)=\"{row}\"]]//label");
        let label = self.client.find(Locator::XPath(&path)).await;
        let label = label.unwrap_or_else(|error| panic!("no box for {row}: {error}"));
        let script = "document.getElementById(arguments[0].htmlFor).click()";
        let label = serde_json::to_value(&label).expect("an element");
        self.client.execute(script, vec![label]).await.expect("ticked");
    }

    /// Chooses a file of this machine.
    pub async fn attach(&self, name: &str, file: &Path) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await;
        let field = field.unwrap_or_else(|error| panic!("no field {name}: {error}"));
        field.send_keys(&file.display().to_string()).await.expect("chosen");
    }

    /// A file of the site, as the browser's own session gets it.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        let url = format!("{}{path}", self.address);
        let answer = self.client.raw_client_for(Method::GET, &url).await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let body = Body::new(answer.into_body());
        to_bytes(body, 10_000_000).await.expect("a body").to_vec()
    }

    /// Chooses one of several round buttons or boxes.
    pub async fn choose(&self, name: &str, value: &str) {
        let css = format!("main input[name='{name}'][value='{value}']");
        let script = "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center', behavior: 'instant'}); e.click();";
        self.client
            .execute(script, vec![json!(css)])
            .await
            .unwrap_or_else(|error| panic!("no choice {css}: {error}"));
    }

    /// Presses the button with those words and waits for the next page.
    pub async fn press(&self, words: &str) {
        self.click(Locator::XPath(&format!("//main//button[normalize-space(.)='{words}']")))
            .await;
    }

    /// Follows the link with those words, wherever on the page.
    pub async fn follow(&self, words: &str) {
        self.click(Locator::LinkText(words)).await;
    }

    /// Follows the first link of the page's own part that leads to such an address.
    pub async fn follow_to(&self, start: &str) {
        self.click(Locator::Css(&format!("main a[href^='{start}']"))).await;
    }

    async fn click(&self, what: Locator<'_>) {
        let element = self.client.find(what).await;
        let Ok(element) = element else {
            panic!("no {what:?} on {}:\n{}", self.place().await, self.text().await)
        };
        let argument = vec![serde_json::to_value(&element).expect("an element")];
        let prepare = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'}); window.left = true;";
        self.client.execute(prepare, argument).await.expect("scrolled");
        element.click().await.expect("clicked");
        self.arrive().await;
    }

    /// Waits until another page is there: the mark that [`Self::click`] left is gone and everything is loaded.
    async fn arrive(&self) {
        let script = "return !window.left && document.readyState === 'complete'";
        for _ in 0..200 {
            let there = self.client.execute(script, Vec::new()).await;
            if there.is_ok_and(|there| there.as_bool() == Some(true)) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!(
            "no other page came; this is {}:\n{}",
            self.place().await,
            self.text().await
        );
    }

    /// The text of the page's own part, as a reader sees it.
    pub async fn text(&self) -> String {
        let main = self.client.find(Locator::Css("main")).await.expect("a main part");
        main.text().await.expect("text")
    }

    /// Path and query of the page.
    pub async fn place(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.as_str().trim_start_matches(&self.address).to_owned()
    }

    /// Presses a key in whatever has the focus.
    pub async fn key(&self, key: char) {
        let focused = self.client.active_element().await.expect("a focus");
        focused.send_keys(&key.to_string()).await.expect("pressed");
    }

    /// The tag, name and text of whatever has the focus.
    pub async fn focus(&self) -> String {
        let script =
            "const e = document.activeElement; return [e.tagName, e.name || '', (e.innerText || '').trim()].join('|')";
        self.client
            .execute(script, Vec::new())
            .await
            .expect("a focus")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Serious and critical violations that axe-core finds, one line each.
    pub async fn violations(&self) -> Vec<String> {
        let path = std::env::var("SERVANDA_TEST_AXE").expect("SERVANDA_TEST_AXE: start the tests with tests/run");
        let axe = std::fs::read_to_string(path).expect("axe-core");
        self.client.execute(&axe, Vec::new()).await.expect("axe loads");
        let script = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations), e => done([{ id: String(e), impact: 'critical', nodes: [] }]))";
        let found = self.client.execute_async(script, Vec::new()).await.expect("axe runs");
        let serious = found.as_array().cloned().unwrap_or_default().into_iter();
        let serious = serious.filter(|one| ["serious", "critical"].contains(&one["impact"].as_str().unwrap_or("")));
        serious
            .map(|one| format!("{}: {}", one["id"], one["nodes"][0]["html"]))
            .collect()
    }

    /// Sets the width of the window and says whether the page fits it without scrolling sideways.
    pub async fn fits(&self, width: u32) -> bool {
        self.client.set_window_size(width, 900).await.expect("resized");
        let script = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        self.client
            .execute(script, Vec::new())
            .await
            .expect("measured")
            .as_bool()
            .unwrap_or(false)
    }

    /// Keeps a picture where `SERVANDA_TEST_SHOTS` names a folder.
    pub async fn shot(&self, name: &str) {
        let Ok(folder) = std::env::var("SERVANDA_TEST_SHOTS") else {
            return;
        };
        let script =
            "return [document.documentElement.clientWidth, Math.min(document.documentElement.scrollHeight, 6000)]";
        let size = self.client.execute(script, Vec::new()).await.expect("measured");
        let (width, height) = (size[0].as_u64().unwrap_or(1280), size[1].as_u64().unwrap_or(900));
        self.client
            .set_window_size(
                u32::try_from(width).expect("small"),
                u32::try_from(height).expect("small") + 150,
            )
            .await
            .expect("resized");
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), picture).expect("written");
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.expect("closed");
    }
}
