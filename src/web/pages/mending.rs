//! What an action refused, as remarks beside the fields of the form that is shown again.

use crate::actions::FieldError;
use crate::web::view::forms::FieldErrors;

/// Each remark at its field.
pub(super) fn invalid(errors: Vec<FieldError>) -> FieldErrors {
    let mut found = FieldErrors::default();
    errors.into_iter().for_each(|one| found.add(one.field, one.why));
    found
}

/// A remark about the whole form.
pub(super) fn note(why: String) -> FieldErrors {
    let mut found = FieldErrors::default();
    found.add("form", why);
    found
}
