//! Status pages of the UN Treaty Collection, read and compared with what is held. Nothing is applied here.

use crate::actions::import::shipped_reference;
use crate::app::Opening;
use crate::cli::output::{answer, complain};
use crate::cli::{Failure, Format, open};
use crate::clock::Clock;
use crate::config::Layers;
use crate::domain::reference::Reference;
use crate::domain::status_pages::{Difference, StatusPage};
use crate::domain::summaries::World;
use crate::export::status_pages::{DifferenceRow, ParticipantRow, StatusPageAnswer};
use crate::sources::untc;
use clap::Args;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// `servanda sources untc`
///
/// Reads status pages that were saved from treaties.un.org as HTML. Without --compare it needs no database. Exit code 0:
/// read, and with --compare nothing differs; 1: something differs, or a page could not be checked whole; 2: not such a page.
#[derive(Debug, Args)]
pub struct Untc {
    /// Saved pages; - for standard input
    #[arg(required = true, value_name = "PAGE.html")]
    pages: Vec<PathBuf>,
    /// Also say what differs from what the database holds
    #[arg(long)]
    compare: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Untc {
    /// Reads the pages, and compares them where asked.
    ///
    /// # Errors
    /// When a file is no status page, when something differs, or the database fails.
    pub(super) async fn run(self, layers: &Layers, clock: Clock) -> Result<(), Failure> {
        if !self.compare {
            let reference = self.reference(layers, clock).await?;
            let pages = self.read(&reference)?;
            return self.told(&pages, None);
        }
        let app = open(layers, clock, Opening::Read).await?;
        let shelf = app.shelf().await?;
        let pages = self.read(&shelf.reference)?;
        let differences = pages
            .iter()
            .map(|page| compared(page, &shelf.reference, &shelf.world))
            .collect::<Vec<_>>();
        self.told(&pages, Some(&differences))?;
        let (differing, unsure) = (differences.iter().flatten().count(), pages.iter().any(is_unsure));
        match (differing, unsure) {
            (0, false) => Ok(()),
            (0, true) => Err(Failure::Other(
                "nothing differs in what was read, and not all could be read or checked: see the notes".to_owned(),
            )),
            (number, _) => Err(Failure::Other(format!(
                "{number} difference(s) from what is held; nothing was changed"
            ))),
        }
    }

    /// The treaties and states of the database where there is one, else those that come with the program.
    async fn reference(&self, layers: &Layers, clock: Clock) -> Result<Reference, Failure> {
        if let Ok(app) = open(layers, clock, Opening::Read).await
            && let Ok(shelf) = app.shelf().await
        {
            return Ok(shelf.reference.clone());
        }
        Ok(shipped_reference()?)
    }

    fn read(&self, reference: &Reference) -> Result<Vec<StatusPage>, Failure> {
        let read = |path: &PathBuf| {
            let page = untc::read(&bytes(path)?, reference);
            page.map_err(|why| Failure::Request(format!("{}: {why}", path.display())))
        };
        self.pages.iter().map(read).collect()
    }

    fn told(&self, pages: &[StatusPage], differences: Option<&[Vec<Difference>]>) -> Result<(), Failure> {
        if self.format != Format::Json {
            pages.iter().for_each(say_what_is_wrong);
        }
        let of = |at: usize| differences.and_then(|all| all.get(at)).map(Vec::as_slice);
        let answers: Vec<StatusPageAnswer<'_>> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| StatusPageAnswer {
                page,
                differences: of(at),
            })
            .collect();
        if differences.is_some() {
            let rows: Vec<DifferenceRow> = pages
                .iter()
                .enumerate()
                .flat_map(|(at, page)| DifferenceRow::of(page, of(at).unwrap_or_default()))
                .collect();
            return self.write(&answers, DifferenceRow::COLUMNS, &rows);
        }
        let rows: Vec<ParticipantRow> = pages.iter().flat_map(ParticipantRow::of).collect();
        self.write(&answers, ParticipantRow::COLUMNS, &rows)
    }

    /// One page is one object, several are a list.
    fn write<R: serde::Serialize>(
        &self,
        answers: &[StatusPageAnswer<'_>],
        columns: &[&str],
        rows: &[R],
    ) -> Result<(), Failure> {
        match answers {
            [only] => answer(self.format, only, columns, rows),
            several => answer(self.format, &several, columns, rows),
        }
    }
}

fn compared(page: &StatusPage, reference: &Reference, world: &World) -> Vec<Difference> {
    reference
        .instrument(&page.instrument)
        .map_or_else(Vec::new, |instrument| page.compare(instrument, reference, world))
}

/// Whether something of it could not be read or checked.
fn is_unsure(page: &StatusPage) -> bool {
    !page.notes.is_empty() || !page.unread.is_empty()
}

fn say_what_is_wrong(page: &StatusPage) {
    for note in &page.notes {
        complain(&format!("{}: {note}", page.instrument));
    }
    for one in &page.unread {
        let text: String = one.text.chars().take(200).collect();
        complain(&format!("{}: not read: {text}: {}", page.instrument, one.why));
    }
}

/// One byte more than is read tells that there is more.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let limit = untc::LARGEST as u64 + 1;
    let wrong = |error: std::io::Error| Failure::Request(format!("{} cannot be read: {error}", path.display()));
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(wrong)?;
    } else {
        let file = std::fs::File::open(path).map_err(wrong)?;
        file.take(limit).read_to_end(&mut bytes).map_err(wrong)?;
    }
    Ok(bytes)
}
