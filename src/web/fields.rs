//! The fields of a form or of a query, read strictly: what is not text is refused and named, never repaired in silence.

use super::problem::Problem;

/// The fields in the order in which they were sent.
///
/// # Errors
/// [`Problem::Unreadable`] with the field and the place of the first byte that is not UTF-8.
pub(super) fn read(body: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(at);
            let name = String::from_utf8(decoded(name))
                .map_err(|_| Problem::Unreadable("The name of a field is not text in UTF-8.".to_owned()))?;
            let value = String::from_utf8(decoded(value.get(1..).unwrap_or_default()));
            let value = value.map_err(|error| broken(&name, error.utf8_error().valid_up_to()))?;
            Ok((name, value))
        })
        .collect()
}

fn broken(name: &str, at: usize) -> Problem {
    Problem::Unreadable(format!(
        "The field “{name}” is not text in UTF-8: the byte after the first {at} fits no letter. Nothing was saved. Type the \
         text again, or save it as UTF-8 before it is pasted."
    ))
}

/// `+` is a space and `%C3` a byte; a `%` that starts no byte stands for itself, as in browsers.
pub(super) fn decoded(text: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match (byte, hex(text.get(at)), hex(text.get(at + 1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', _, _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
    }
    bytes
}

/// The fields as a form sends them.
pub(super) fn write(fields: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        super::links::encode(&mut text, name);
        text.push('=');
        super::links::encode(&mut text, value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_byte_for_byte() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = [
            field("gist", "ligne 1\r\nligne 2 & = + % \u{0}\u{1F30D} é e\u{301}"),
            field("provisions", "A"),
            field("provisions", ""),
            field("a b", "x"),
        ];
        assert_eq!(read(write(&fields).as_bytes()).expect("text"), fields);
        assert_eq!(read(b"a=1+2&b&=&c=%zz%4").expect("text").len(), 4);
    }

    #[test]
    fn broken_text_is_named_with_its_place() {
        let wrong = read(b"title=Loi&gist=d%E9tention").expect_err("Latin-1").to_string();
        assert!(wrong.contains("“gist”") && wrong.contains("first 1"), "{wrong}");
        assert!(read(b"%ff=1").is_err());
    }
}
