//! The tables as sea-orm sees them; private to the store.

pub mod audit_events;
