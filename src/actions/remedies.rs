//! What would unblock gaps, as it comes with the program: `fixtures/remedies.toml`, read and checked once.

use super::import::files::Files;
use super::import::shipped_themes;
use crate::domain::causes::Remedies;
use std::sync::OnceLock;

/// The name of the file.
const FILE: &str = "remedies.toml";

/// The shipped remedies.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn shipped() -> Result<&'static Remedies, Vec<String>> {
    static SHIPPED: OnceLock<Result<Remedies, Vec<String>>> = OnceLock::new();
    SHIPPED
        .get_or_init(|| load(&Files::Shipped))
        .as_ref()
        .map_err(Clone::clone)
}

/// Remedies from there.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load(files: &Files) -> Result<Remedies, Vec<String>> {
    let text = files.read(FILE).map_err(|why| vec![why])?;
    let remedies: Remedies = toml::from_str(&text).map_err(|error| vec![format!("{FILE}: {error}")])?;
    let themes = shipped_themes()?;
    let faults = remedies.faults(|code| themes.iter().any(|theme| theme.code == *code));
    if faults.is_empty() {
        Ok(remedies)
    } else {
        Err(faults.into_iter().map(|fault| format!("{FILE}, {fault}")).collect())
    }
}
