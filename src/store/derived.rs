//! What is kept beside the sealed rows for the sake of questions says what they say: the item of each piece of evidence, the
//! provisions that it names, and the columns by which revisions are found. Changed behind the program's back, it would hide
//! evidence or show it elsewhere, so verifying the chain compares it.

use super::entities::{evidence as items, evidence_provisions as attached, evidence_revisions as revisions};
use super::seals::{Found, MOST};
use super::{Db, StoreError};
use crate::domain::evidence::Evidence;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Items that are compared at a time.
const PAGE: u64 = 500;

/// Names every item that does not say what its revisions say.
pub(in crate::store) async fn verify(db: &Db, found: &mut Vec<Found>) -> Result<(), StoreError> {
    let mut last: Option<Uuid> = None;
    loop {
        let mut query = items::Entity::find().order_by_asc(items::Column::Id).limit(PAGE);
        if let Some(last) = last {
            query = query.filter(items::Column::Id.gt(last));
        }
        let page = query.all(db.reader()).await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some(end.id);
        let beside = Beside::read(db, page.iter().map(|item| item.id).collect()).await?;
        for item in &page {
            if let Some(column) = beside.differs(item)?
                && found.len() < MOST
            {
                found.push(Found::beside(&item.id.to_string(), column));
            }
        }
    }
}

/// The sealed rows of a page of items, and what is kept beside them.
struct Beside {
    revisions: BTreeMap<Uuid, Vec<revisions::Model>>,
    attached: BTreeMap<Uuid, BTreeSet<String>>,
}

impl Beside {
    async fn read(db: &Db, ids: Vec<Uuid>) -> Result<Self, StoreError> {
        let mut beside = Self {
            revisions: BTreeMap::new(),
            attached: BTreeMap::new(),
        };
        let rows = revisions::Entity::find()
            .filter(revisions::Column::Evidence.is_in(ids.iter().copied()))
            .order_by_asc(revisions::Column::Revision);
        for row in rows.all(db.reader()).await? {
            beside.revisions.entry(row.evidence).or_default().push(row);
        }
        let rows = attached::Entity::find().filter(attached::Column::Evidence.is_in(ids));
        for row in rows.all(db.reader()).await? {
            beside.attached.entry(row.evidence).or_default().insert(row.provision);
        }
        Ok(beside)
    }

    /// The first column of an item, or of its revisions, that says something else than the documents.
    fn differs(&self, item: &items::Model) -> Result<Option<&'static str>, StoreError> {
        let all = self.revisions.get(&item.id).map_or(&[][..], Vec::as_slice);
        let Some(latest) = all.last() else {
            return Ok(Some("id"));
        };
        for row in all {
            if let Some(column) = of_revision(row, &serde_json::from_str(&row.document)?) {
                return Ok(Some(column));
            }
        }
        let counting = all
            .iter()
            .find(|row| row.accepted_at.is_some() && row.replaced_at.is_none());
        let review_by = match counting {
            Some(row) => serde_json::from_str::<Evidence>(&row.document)?.review_by,
            None => None,
        };
        let says: Evidence = serde_json::from_str(&latest.document)?;
        let provisions: BTreeSet<String> = says.provisions.iter().map(ToString::to_string).collect();
        let pairs = [
            ("natural_key", item.natural_key == says.key),
            ("state", item.state == says.state.as_str()),
            (
                "theme",
                item.theme.as_deref() == says.theme.as_ref().map(|theme| theme.as_str()),
            ),
            ("revision", item.revision == latest.revision),
            ("status", item.status == latest.status),
            ("author", item.author == latest.recorded_by),
            (
                "accepted_revision",
                item.accepted_revision == counting.map(|row| row.revision),
            ),
            ("review_by", item.review_by == review_by.map(|day| day.to_string())),
            (
                "provisions",
                self.attached.get(&item.id).cloned().unwrap_or_default() == provisions,
            ),
        ];
        Ok(pairs.into_iter().find(|(_, same)| !same).map(|(column, _)| column))
    }
}

/// The column of a revision that says something else than its document.
fn of_revision(row: &revisions::Model, says: &Evidence) -> Option<&'static str> {
    let file = says.file.as_ref().map(|file| file.sha256.as_str());
    let pairs = [
        ("state of a revision", row.state.as_deref() == Some(says.state.as_str())),
        (
            "theme of a revision",
            row.theme.as_deref() == says.theme.as_ref().map(|theme| theme.as_str()),
        ),
        ("file of a revision", row.file_sha256.as_deref() == file),
        ("provisions of a revision", row.exact != says.provisions.is_empty()),
    ];
    pairs.into_iter().find(|(_, same)| !same).map(|(column, _)| column)
}
