//! Evidence from the command line.

use super::output::{answer, say};
use super::{Failure, Format};
use crate::actions::evidence::{EvidenceDraft, add};
use crate::actions::{Doing, drafts};
use crate::app::App;
use crate::domain::reference::read_day;
use crate::export::evidence::{EvidenceAnswer, ServedAnswer};
use crate::store::evidence as store;
use clap::{Args, Subcommand};
use std::io::Read as _;

/// `servanda evidence`
#[derive(Debug, Subcommand)]
pub enum Evidence {
    /// Add one item, from flags or as JSON on standard input
    Add(Box<Add>),
    /// List the evidence on a state
    List {
        /// State, by code or name
        #[arg(long)]
        state: String,
        /// What was known on that date, YYYY-MM-DD [default: what counts now]
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

/// `servanda evidence add`
#[derive(Debug, Args)]
pub struct Add {
    /// Who adds it: the e-mail address of a monitor or administrator
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
    /// Read all fields as one JSON object from standard input
    #[arg(long)]
    json: bool,
    /// State, by code or name
    #[arg(long, default_value = "")]
    state: String,
    /// Short title
    #[arg(long, default_value = "")]
    title: String,
    /// What it shows, in your own words
    #[arg(long, default_value = "")]
    gist: String,
    /// law, policy, court_decision, statistics, state_report, concluding_observations, …
    #[arg(long, default_value = "")]
    source_kind: String,
    /// state, treaty_body, nhri, civil_society, academic, media or un_agency
    #[arg(long, default_value = "")]
    author_role: String,
    /// supports, contradicts or qualifies
    #[arg(long, default_value = "")]
    stance: String,
    /// The grade it supports: 0 to 4
    #[arg(long, default_value = "")]
    grade: String,
    /// structure, process or outcome
    #[arg(long, default_value = "")]
    kind: String,
    /// Reliability of the source, A to F
    #[arg(long, default_value = "")]
    reliability: String,
    /// Credibility of the information, 1 to 6
    #[arg(long, default_value = "")]
    credibility: String,
    /// Date of publication (a year is enough)
    #[arg(long, default_value = "")]
    published: String,
    /// UN document symbol or another citation
    #[arg(long, default_value = "")]
    symbol: String,
    /// Where it can be read
    #[arg(long, default_value = "")]
    link: String,
    /// Theme, such as T08
    #[arg(long, default_value = "")]
    theme: String,
    /// Provisions, where a theme would be too wide
    #[arg(long, value_delimiter = ',')]
    provisions: Vec<String>,
    /// A name of your own: the same name twice makes one item
    #[arg(long, default_value = "")]
    key: String,
}

impl Evidence {
    /// Adds or lists.
    ///
    /// # Errors
    /// When a field is wrong, the actor may not write, or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        match self {
            Self::Add(command) => command.run(app).await,
            Self::List { state, as_of, format } => {
                let as_of = as_of.as_deref().map(read_day).transpose()?;
                let shelf = app.shelf().await?;
                let state = &shelf.reference.find_state(&state)?.iso3;
                let mut evidence = store::of_state(&app.db, state).await?;
                evidence.retain(|item| as_of.map_or_else(|| item.stands(), |day| item.known_on(day)));
                let found = EvidenceAnswer::of(state, &evidence);
                answer(format, &found, EvidenceAnswer::COLUMNS, &found.evidence)
            }
        }
    }
}

impl Add {
    async fn run(self, app: App) -> Result<(), Failure> {
        let actor = super::user::may_record(&app.db, &self.actor).await?;
        let draft = if self.json {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            let wrong = |why: String| Failure::Request(format!("standard input is not the JSON we expect: {why}"));
            let sent = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
            drafts::read(sent).map_err(wrong)?
        } else {
            self.draft()
        };
        let shelf = app.shelf().await?;
        let doing = Doing {
            actor: &actor,
            now: app.clock.now(),
            key: None,
        };
        let id = add(&app.db, &shelf.reference, doing, &draft).await?;
        let stored = store::latest(&app.db, id).await?;
        let stored = stored.ok_or_else(|| Failure::Other("the evidence was added but cannot be read".to_owned()))?;
        let served = ServedAnswer::of(&shelf.reference, &shelf.world, &stored, app.clock.today());
        say(&serde_json::to_string_pretty(&served).map_err(|error| Failure::Other(error.to_string()))?)?;
        Ok(())
    }

    fn draft(self) -> EvidenceDraft {
        EvidenceDraft {
            key: self.key,
            state: self.state,
            title: self.title,
            gist: self.gist,
            source_kind: self.source_kind,
            author_role: self.author_role,
            stance: self.stance,
            grade: self.grade,
            kind: self.kind,
            reliability: self.reliability,
            credibility: self.credibility,
            published: self.published,
            symbol: self.symbol,
            link: self.link,
            theme: self.theme,
            provisions: self.provisions,
            ..EvidenceDraft::default()
        }
    }
}
