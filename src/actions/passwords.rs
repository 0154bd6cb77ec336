//! Passwords and random secrets. Hashing is slow and hungry on purpose, so it runs beside the server's threads and
//! never more than twice at once.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB: two at once is what a small office's machine can bear.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The machine could not hash.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashingFailed(String);

/// The Argon2id hash of a password, with its salt and parameters, in PHC form.
///
/// # Errors
/// When the machine has no memory or no randomness left.
pub async fn hash(password: String) -> Result<String, HashingFailed> {
    aside(move || hash_now(&password)).await?
}

/// Whether the password is the one of that hash. Without a hash it takes as long and says no: who asks cannot tell
/// whether there is such an account.
///
/// # Errors
/// When the machine could not hash.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, HashingFailed> {
    aside(move || match hash {
        Some(hash) => {
            let known = PasswordHash::new(&hash).map_err(|e| HashingFailed(e.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &known).is_ok())
        }
        None => {
            if let Ok(known) = PasswordHash::new(nobody()?) {
                let _ = Argon2::default().verify_password(password.as_bytes(), &known);
            }
            Ok(false)
        }
    })
    .await?
}

/// A secret of 256 bits that fits into a cookie, a header or a form.
#[must_use]
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingFailed> {
    let _permit = AT_ONCE.acquire().await.map_err(|e| HashingFailed(e.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| HashingFailed(e.to_string()))
}

fn hash_now(password: &str) -> Result<String, HashingFailed> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|e| HashingFailed(e.to_string()))
}

/// The hash of nobody's password.
fn nobody() -> Result<&'static str, HashingFailed> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let fresh = hash_now(&secret())?;
    Ok(HASH.get_or_init(|| fresh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let known = hash("four ordinary words".to_owned()).await.expect("hashed");
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert!(
            verify("four ordinary words".to_owned(), Some(known.clone()))
                .await
                .expect("checked")
        );
        assert!(
            !verify("four ordinary word".to_owned(), Some(known))
                .await
                .expect("checked")
        );
        assert!(!verify("four ordinary words".to_owned(), None).await.expect("checked"));
    }

    #[test]
    fn secrets_are_long_and_differ() {
        assert_eq!(secret().len(), 43);
        assert_ne!(secret(), secret());
    }
}
