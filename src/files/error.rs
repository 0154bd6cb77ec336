//! Why a file was not kept, in words for the person who sent it. Nothing of it stays.

/// Why a file was not kept, or cannot be given out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not what may be kept, and what would be.
    #[error("{0}")]
    Refused(String),
    /// It is larger than the limit, in bytes.
    #[error("The file is larger than {} MB. Make it smaller, for example by splitting it, and send it again; nothing of it was kept.", .0 / 1_000_000)]
    TooLarge(u64),
    /// It did not arrive whole.
    #[error("The file did not arrive whole, so nothing of it was kept. Please send it again.")]
    Interrupted,
    /// There is no room left where files are kept.
    #[error("There is no room left where files are kept, so nothing of this one was. Please tell the administrator.")]
    Full,
    /// The store failed; the cause is for the log and the administrator.
    #[error(
        "The store of files failed, so nothing of this one was kept. Please try again; if it stays so, tell the administrator."
    )]
    Store(String),
    /// The store holds no such file.
    #[error("The store holds no such file.")]
    Missing,
}

impl FileError {
    /// What went wrong with the store, for the log: the sentence for people does not say it.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Store(cause) => cause.clone(),
            other => other.to_string(),
        }
    }
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Missing;
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        let mut words = Vec::new();
        while let Some(one) = cause {
            let full = one.downcast_ref::<std::io::Error>().is_some_and(|io| {
                use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
                matches!(io.kind(), StorageFull | QuotaExceeded | FileTooLarge)
            });
            if full {
                return Self::Full;
            }
            words.push(one.to_string());
            cause = one.source();
        }
        words.dedup();
        Self::Store(words.join(": "))
    }
}
