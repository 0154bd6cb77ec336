//! The object store with the uploaded files; `object_store`, `infer` and `img-parts` never leave this room.
//!
//! A file comes in as a stream ([`Receiving`]): it goes piece by piece to `incoming/…` while its hash is computed and its
//! content looked at, so that a large one needs no more memory than a small one. Only a file that is whole and harmless is
//! moved to the place that its hash names (`sha256/ab/abcd…`); whatever else happens, nothing of it stays. Pictures are the
//! exception: up to [`LARGEST_PICTURE`] bytes they are held in memory, because what a camera hid in them is taken out first.

mod error;
mod inspect;
mod office;
mod ole;
mod parts;
mod pictures;
mod place;
mod ranged;
mod receive;
mod refusals;
mod text;
mod vault;

pub use error::FileError;
pub use receive::{Kept, Receiving};
pub use vault::{Found, Vault};

/// The largest picture in bytes: it is held in memory while its hidden data are taken out.
pub const LARGEST_PICTURE: u64 = 20_000_000;
