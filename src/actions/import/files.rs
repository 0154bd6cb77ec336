//! Where an import reads from: a folder, one file, or the data compiled into the program.

use rust_embed::RustEmbed;
use std::path::{Path, PathBuf};

/// The reference data that come with the program.
#[derive(RustEmbed)]
#[folder = "fixtures/"]
#[exclude = "cases/*"]
#[exclude = "sources/*"]
struct Shipped;

/// A place with files.
#[derive(Debug, Clone)]
pub enum Files {
    /// A folder.
    Folder(PathBuf),
    /// The data compiled into the program.
    Shipped,
}

impl Files {
    /// The text of one file.
    ///
    /// # Errors
    /// A sentence that says which file cannot be read and why.
    pub fn read(&self, name: &str) -> Result<String, String> {
        let bytes = match self {
            Self::Folder(folder) => {
                if Path::new(name)
                    .components()
                    .any(|part| !matches!(part, std::path::Component::Normal(_)))
                {
                    return Err(format!("{name}: a package may only name files inside its own folder"));
                }
                std::fs::read(folder.join(name)).map_err(|error| format!("{name} cannot be read: {error}"))?
            }
            Self::Shipped => Shipped::get(name)
                .ok_or_else(|| format!("{name} is not in the program"))?
                .data
                .into_owned(),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            format!("{name} is not UTF-8 text (line {line}): save it as UTF-8")
        })?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }
}

/// A digest over all that is compiled in: the same program ships the same data.
#[must_use]
pub fn shipped_digest() -> String {
    let mut names: Vec<_> = Shipped::iter().collect();
    names.sort();
    let hashes = names.iter().filter_map(|name| {
        let file = Shipped::get(name)?;
        Some(format!(
            "{name}:{}\n",
            crate::domain::audit::hex(&file.metadata.sha256_hash())
        ))
    });
    crate::domain::audit::digest(&hashes.collect::<String>())
}
