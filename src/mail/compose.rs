//! A rendered message as the bytes of RFC 5322: encoded headers, two parts, a Message-ID from the ledger's key.

use super::render::{Rendered, one_line};
use chrono::{DateTime, Utc};
use lettre::address::AddressError;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use std::time::SystemTime;

/// Why no message could be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ComposeError {
    /// The address.
    #[error("the address {0} cannot receive mail: {1}")]
    Address(String, AddressError),
    /// The rest.
    #[error("the message cannot be put together: {0}")]
    Parts(#[from] lettre::error::Error),
}

/// What goes on the envelope.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    /// The sender.
    pub(super) from: &'a Mailbox,
    /// The recipient's name and address.
    pub(super) to: (&'a str, &'a str),
    /// Without its angle brackets.
    pub(super) message_id: &'a str,
    /// When.
    pub(super) date: DateTime<Utc>,
}

/// The whole message. The same content gives the same bytes.
pub(super) fn compose(envelope: &Envelope<'_>, content: Rendered) -> Result<Message, ComposeError> {
    let (name, address) = envelope.to;
    let to = address
        .parse()
        .map_err(|cause| ComposeError::Address(address.to_owned(), cause))?;
    let name = Some(one_line(name)).filter(|name| !name.is_empty());
    let boundary = envelope.message_id.split('@').next().unwrap_or("part");
    let parts = MultiPart::alternative()
        .boundary(format!("servanda-{boundary}"))
        .singlepart(SinglePart::plain(content.text))
        .singlepart(SinglePart::html(content.html));
    let message = Message::builder()
        .from(envelope.from.clone())
        .to(Mailbox::new(name, to))
        .subject(content.subject)
        .date(SystemTime::from(envelope.date))
        .message_id(Some(format!("<{}>", envelope.message_id)))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("List-Unsubscribe", format!("<{}>", content.stop_url)))
        .multipart(parts)?;
    Ok(message)
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}
