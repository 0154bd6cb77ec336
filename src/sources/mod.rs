//! Everything that is fetched from outside. reqwest never leaves this room. The depositary's pages are read here too, and fetched by
//! whoever saves them.

mod html;
mod http;

pub mod links;
pub mod servers;
pub mod untc;
pub mod world_bank;
