//! Everything that is fetched from outside. reqwest never leaves this room; what is fetched later (the depositary's
//! pages, the World Bank's figures, the links of evidence) is fetched here.

mod html;
mod http;

pub mod links;
pub mod servers;
pub mod untc;
pub mod world_bank;
