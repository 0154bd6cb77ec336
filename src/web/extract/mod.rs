//! What a handler asks of a request: who sent it, whether they may, and a form that came from this site.

mod actor;
mod allowed;
mod draft;
mod form;
mod passing;
mod upload;
mod visit;

pub use actor::Actor;
pub(super) use actor::identify;
pub use allowed::{Administer, Allowed, Assess, Follow, Needs, RecordFacts, Review};
pub use draft::Draft;
pub use form::{CsrfForm, FormKey};
pub(super) use form::{form_token, is_surely_from_here, proof};
pub(super) use passing::AROUND;
pub use passing::UploadedFile;
pub use upload::FormWithFile;
pub use visit::{Done, Visit};
