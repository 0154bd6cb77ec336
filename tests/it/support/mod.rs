//! What the integration tests share.

pub mod app;
pub mod browser;
pub mod db;
pub mod office;
pub mod people;
pub mod smtp;
pub mod visitor;
