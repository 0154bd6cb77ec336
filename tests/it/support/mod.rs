//! What the integration tests share.

pub mod app;
pub mod bank;
pub mod browser;
pub mod bytes;
pub mod db;
pub mod desk;
pub mod office;
pub mod people;
pub mod smtp;
pub mod visitor;
