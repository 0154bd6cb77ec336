//! The tables as sea-orm sees them; private to the store.

pub mod api_tokens;
pub mod assessments;
pub mod audit_events;
pub mod cause_findings;
pub mod coding_coders;
pub mod coding_rounds;
pub mod codings;
pub mod deadlines;
pub mod evidence;
pub mod evidence_provisions;
pub mod evidence_reviews;
pub mod evidence_revisions;
pub mod facts;
pub mod files;
pub mod form_keys;
pub mod link_checks;
pub mod link_snapshots;
pub mod meta;
pub mod provisions;
pub mod reference;
pub mod reminders;
pub mod seals;
pub mod sessions;
pub mod sign_in_attempts;
pub mod subscriptions;
pub mod users;
