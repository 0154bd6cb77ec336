//! The two letters of a language (ISO 639-1).

/// Every code, in small letters.
const CODES: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu \
    lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu \
    rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr \
    ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The code in small letters.
///
/// # Errors
/// What would be right, when it is no code.
pub fn read_language(text: &str) -> Result<String, String> {
    let code = text.trim().to_lowercase();
    if CODES.split_whitespace().any(|known| known == code) {
        return Ok(code);
    }
    Err(format!(
        "“{text}” is not the two letters of a language, such as en, es or fr"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_of_a_language_are_read_and_nothing_else() {
        assert_eq!(read_language(" ES "), Ok("es".to_owned()));
        for wrong in ["xx", "e", "spa", "es fr", "Spanish", ""] {
            assert!(read_language(wrong).is_err(), "{wrong}");
        }
        let mut all: Vec<&str> = CODES.split_whitespace().collect();
        let length = all.len();
        all.dedup();
        assert_eq!((all.len(), length), (184, 184));
    }
}
