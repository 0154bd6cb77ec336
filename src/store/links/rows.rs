//! A row of the table as a value, and back.

use super::table::{ActiveModel, Model};
use super::{LinkSnapshot, history};
use crate::domain::links::{LinkState, link_hash};
use crate::store::StoreError;
use sea_orm::Set;

pub(super) fn read(row: Model) -> Result<LinkState, StoreError> {
    let published = row.published.map(|date| date.parse()).transpose();
    Ok(LinkState {
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        published: published.map_err(|error| StoreError::Unreadable(format!("{error}")))?,
        link: row.link,
        since: row.since,
        checked_at: row.checked_at,
        next_check_at: row.next_check_at,
        failures: u32::try_from(row.failures).unwrap_or(0),
        why: row.why,
        http_status: row.http_status.and_then(|status| u16::try_from(status).ok()),
        content_type: row.content_type,
        title: row.title,
        content_sha256: row.content_sha256,
        snapshot_sha256: row.snapshot_sha256,
        final_address: row.final_address,
        archived: row.archived,
    })
}

pub(super) fn snapshot(row: history::Model) -> Result<LinkSnapshot, StoreError> {
    Ok(LinkSnapshot {
        at: row.at,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        detail: row.detail,
        snapshot_sha256: row.snapshot_sha256,
        text: row.text,
    })
}

/// The whole row, held by nobody.
pub(super) fn write(link: &LinkState) -> ActiveModel {
    ActiveModel {
        hash: Set(link_hash(&link.link)),
        link: Set(link.link.clone()),
        status: Set(link.status.code().to_owned()),
        since: Set(link.since),
        checked_at: Set(link.checked_at),
        next_check_at: Set(link.next_check_at),
        failures: Set(i32::try_from(link.failures).unwrap_or(i32::MAX)),
        why: Set(link.why.clone()),
        http_status: Set(link.http_status.map(i32::from)),
        content_type: Set(link.content_type.clone()),
        title: Set(link.title.clone()),
        published: Set(link.published.map(|date| date.to_string())),
        content_sha256: Set(link.content_sha256.clone()),
        snapshot_sha256: Set(link.snapshot_sha256.clone()),
        final_address: Set(link.final_address.clone()),
        archived: Set(link.archived.clone()),
        leased_by: Set(None),
        lease_until: Set(None),
    }
}
