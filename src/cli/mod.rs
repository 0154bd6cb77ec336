//! (in the making)

pub mod user;
