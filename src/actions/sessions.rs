//! Signing in and out, and tokens for programs.

use super::passwords::{self, HashingFailed};
use super::users::{AccountError, note};
use crate::domain::audit::digest;
use crate::domain::users::{Email, InvalidAccount, User, pause_after};
use crate::store::sessions::{self, Session};
use crate::store::{Db, StoreError, forms, users};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong, or the account disabled: which of these is not told.
    #[error("the address or the password is wrong")]
    Refused,
    /// Too many wrong passwords.
    #[error("too many wrong passwords for this address: try again after {0}")]
    Paused(DateTime<Utc>),
    /// The machine could not hash a password.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session that was just opened, with the token for the cookie: it is nowhere else.
#[derive(Debug)]
pub struct Opened {
    /// For the cookie.
    pub token: String,
    /// What is kept of it.
    pub session: Session,
}

/// Opens a session for whoever knows the password.
///
/// # Errors
/// [`SignInError`]; a wrong password is counted, and a pause grows with the count.
pub async fn sign_in(
    db: &Db,
    now: DateTime<Utc>,
    address: &str,
    password: String,
    lifetime: Duration,
) -> Result<Opened, SignInError> {
    let address_hash = digest(&address.trim().to_lowercase());
    if let Some((failures, last)) = sessions::failures(db, &address_hash).await? {
        let open_again = last + pause_after(failures);
        if now < open_again {
            return Err(SignInError::Paused(open_again));
        }
    }
    let account = match address.parse::<Email>() {
        Ok(email) => users::credentials(db, &email).await?,
        Err(_) => None,
    };
    let (user, hash) = account.unzip();
    let right = passwords::verify(password, hash).await?;
    match user.filter(|user| right && user.active) {
        Some(user) => open(db, now, user, &address_hash, lifetime)
            .await
            .map_err(SignInError::from),
        None => {
            let tx = db.begin().await?;
            sessions::count_failure(&tx, &address_hash, now).await?;
            tx.commit().await?;
            Err(SignInError::Refused)
        }
    }
}

/// So long it is remembered that a form was sent: nobody sends it again after that.
const FORMS_KEPT: Duration = Duration::days(30);

async fn open(
    db: &Db,
    now: DateTime<Utc>,
    user: User,
    address_hash: &str,
    lifetime: Duration,
) -> Result<Opened, StoreError> {
    let token = passwords::secret();
    let session = Session {
        token_hash: digest(&token),
        form_secret: passwords::secret(),
        expires_at: now + lifetime,
        last_seen_at: now,
        user,
    };
    let tx = db.begin().await?;
    sessions::sweep(&tx, now, now - Duration::days(1)).await?;
    forms::forget(&tx, now - FORMS_KEPT).await?;
    sessions::forgive(&tx, address_hash).await?;
    sessions::open(&tx, &session, now).await?;
    let email = &session.user.email;
    note(&tx, now, email.as_str(), "session.open", email, None, json!({})).await?;
    tx.commit().await?;
    Ok(Opened { token, session })
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(db: &Db, now: DateTime<Utc>, session: &Session) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    sessions::end(&tx, &session.token_hash).await?;
    let email = &session.user.email;
    note(&tx, now, email.as_str(), "session.close", email, None, json!({})).await?;
    tx.commit().await
}

/// How stale the note of a session's last use may be.
const SEEN_EVERY: Duration = Duration::minutes(5);

/// Keeps a session open while it is used. No event: nothing was decided.
///
/// # Errors
/// When the database fails.
pub async fn keep_open(db: &Db, now: DateTime<Utc>, session: &Session, lifetime: Duration) -> Result<(), StoreError> {
    if now - session.last_seen_at < SEEN_EVERY {
        return Ok(());
    }
    let tx = db.begin().await?;
    sessions::prolong(&tx, &session.token_hash, now, now + lifetime).await?;
    tx.commit().await
}

/// Makes a token for a program of that user. It is shown once and kept only as a hash.
///
/// # Errors
/// When there is no such account, the name is empty or taken, or the database fails.
pub async fn mint_token(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    email: &Email,
    name: &str,
) -> Result<String, AccountError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(InvalidAccount::new("name", "say what the token is for, in at most 100 characters").into());
    }
    let token = format!("servanda_{}", passwords::secret());
    let tx = db.begin().await?;
    let user = users::by_email_in(&tx, email)
        .await?
        .ok_or_else(|| AccountError::Unknown(email.clone()))?;
    sessions::keep_token(&tx, &digest(&token), user.id, name, now)
        .await
        .map_err(|error| match error {
            StoreError::Duplicate(_) => AccountError::TokenNameTaken(name.to_owned()),
            other => other.into(),
        })?;
    note(&tx, now, actor, "token.mint", email, None, json!({ "name": name })).await?;
    tx.commit().await?;
    Ok(token)
}

/// Revokes a token by its name.
///
/// # Errors
/// When there is no such account or token, or the database fails.
pub async fn revoke_token(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    email: &Email,
    name: &str,
) -> Result<(), AccountError> {
    let tx = db.begin().await?;
    let user = users::by_email_in(&tx, email)
        .await?
        .ok_or_else(|| AccountError::Unknown(email.clone()))?;
    if !sessions::revoke_token(&tx, user.id, name, now).await? {
        return Err(AccountError::UnknownToken(name.to_owned()));
    }
    note(&tx, now, actor, "token.revoke", email, None, json!({ "name": name })).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::users::{NewUser, add, change_role, set_active};
    use crate::domain::users::{Language, Role};
    use crate::store::audit;

    const WORDS: &str = "four ordinary words";

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().expect("a moment")
    }

    async fn office() -> (Db, Email) {
        let db = Db::connect("sqlite::memory:").await.expect("opened");
        db.migrate().await.expect("migrated");
        let new = NewUser {
            email: "Ana@Example.org".to_owned(),
            name: "Ana".to_owned(),
            role: Role::Administrator,
            state: None,
            language: Language::French,
            time_zone: "Africa/Bamako".to_owned(),
            password: WORDS.to_owned(),
        };
        let user = add(&db, noon(), "cli", new).await.expect("added");
        (db, user.email)
    }

    async fn try_in(db: &Db, at: DateTime<Utc>, password: &str) -> Result<Opened, SignInError> {
        sign_in(db, at, "ana@example.org", password.to_owned(), Duration::hours(12)).await
    }

    #[tokio::test]
    async fn ana_signs_in_stays_in_and_signs_out() {
        let (db, _) = office().await;
        let opened = try_in(&db, noon(), WORDS).await.expect("let in");
        let key = digest(&opened.token);
        let later = noon() + Duration::hours(11);
        let session = sessions::find(&db, &key, later).await.expect("read").expect("open");
        keep_open(&db, later, &session, Duration::hours(12))
            .await
            .expect("kept open");
        let session = sessions::find(&db, &key, noon() + Duration::hours(22))
            .await
            .expect("read")
            .expect("open");
        sign_out(&db, later, &session).await.expect("signed out");
        assert_eq!(sessions::find(&db, &key, later).await.expect("read"), None);
        assert_eq!(audit::verify(&db).await.expect("read").map(|found| found.events), Ok(3));
    }

    #[tokio::test]
    async fn a_guesser_is_slowed_down_whether_or_not_there_is_such_an_account() {
        let (db, _) = office().await;
        for address in ["ana@example.org", "nobody@example.org", "not an address"] {
            for _ in 0..5 {
                let answer = sign_in(&db, noon(), address, "wrong".to_owned(), Duration::hours(1)).await;
                assert!(matches!(answer, Err(SignInError::Refused)), "{answer:?}");
            }
            let answer = sign_in(&db, noon(), address, WORDS.to_owned(), Duration::hours(1)).await;
            assert!(matches!(answer, Err(SignInError::Paused(_))), "{answer:?}");
        }
        assert!(try_in(&db, noon() + Duration::minutes(1), WORDS).await.is_ok());
    }

    #[tokio::test]
    async fn who_is_disabled_is_out_at_once_and_the_last_administrator_stays() {
        let (db, ana) = office().await;
        let answer = set_active(&db, noon(), "cli", &ana, false).await;
        assert!(matches!(answer, Err(AccountError::LastAdministrator(_))));
        let second = NewUser {
            email: "bo@example.org".to_owned(),
            name: "Bo".to_owned(),
            role: Role::Administrator,
            state: None,
            language: Language::English,
            time_zone: "UTC".to_owned(),
            password: WORDS.to_owned(),
        };
        add(&db, noon(), "cli", second).await.expect("added");
        let opened = try_in(&db, noon(), WORDS).await.expect("let in");
        let token = mint_token(&db, noon(), "cli", &ana, "nightly import")
            .await
            .expect("minted");
        set_active(&db, noon(), "bo@example.org", &ana, false)
            .await
            .expect("disabled");
        assert_eq!(
            sessions::find(&db, &digest(&opened.token), noon()).await.expect("read"),
            None
        );
        assert_eq!(sessions::token_user(&db, &digest(&token)).await.expect("read"), None);
        assert!(matches!(try_in(&db, noon(), WORDS).await, Err(SignInError::Refused)));
        let bo: Email = "bo@example.org".parse().expect("an address");
        let answer = change_role(&db, noon(), "cli", &bo, Role::Reader).await;
        assert!(matches!(answer, Err(AccountError::LastAdministrator(_))));
    }

    #[tokio::test]
    async fn a_token_works_until_it_is_revoked_and_names_are_not_reused() {
        let (db, ana) = office().await;
        let token = mint_token(&db, noon(), "cli", &ana, "import").await.expect("minted");
        let again = mint_token(&db, noon(), "cli", &ana, "import").await;
        assert!(matches!(again, Err(AccountError::TokenNameTaken(_))));
        assert!(
            sessions::token_user(&db, &digest(&token))
                .await
                .expect("read")
                .is_some()
        );
        revoke_token(&db, noon(), "cli", &ana, "import").await.expect("revoked");
        assert!(
            sessions::token_user(&db, &digest(&token))
                .await
                .expect("read")
                .is_none()
        );
        assert!(matches!(
            revoke_token(&db, noon(), "cli", &ana, "x").await,
            Err(AccountError::UnknownToken(_))
        ));
    }
}
