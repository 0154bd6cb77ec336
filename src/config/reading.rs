//! How the values of settings are read, each with what would be right instead.

pub(super) fn flatten(prefix: &str, table: &toml::Table, into: &mut Vec<(String, String)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => into.push((key, text.clone())),
            toml::Value::Array(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                into.push((key, items.join(",")));
            }
            other => into.push((key, other.to_string())),
        }
    }
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    if ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
    {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "“{}” starts neither with sqlite: nor with postgres://",
            crate::store::without_password(text)
        ))
    }
}

pub(super) fn base_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(url.to_owned()),
        _ => Err(format!(
            "“{text}” is not an address such as https://servanda.example.org"
        )),
    }
}

pub(super) const YES_OR_NO: &[(&str, bool)] = &[("true", true), ("false", false)];

pub(super) fn address_or_nothing(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Ok(String::new())
    } else {
        base_url(text)
    }
}

pub(super) fn offsets(text: &str) -> Result<Vec<i32>, String> {
    let numbers: Result<Vec<i32>, _> = text.split(',').map(|part| part.trim().parse::<i32>()).collect();
    let mut numbers = numbers.map_err(|_| format!("“{text}” is not a list of days such as -30,-7,1"))?;
    if numbers.iter().any(|days| !(-1000..=1000).contains(days)) {
        return Err("days must lie between -1000 and 1000".to_owned());
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

pub(super) fn indicators(text: &str) -> Result<Vec<String>, String> {
    let codes = text.split(',').map(|code| code.trim().trim_matches('"'));
    let codes: Vec<String> = codes.filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let sound = |code: &&String| code.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    match codes.iter().find(|code| !sound(code)) {
        Some(wrong) => Err(format!(
            "“{wrong}” is not the code of an indicator such as NY.GDP.PCAP.PP.KD; put commas between several"
        )),
        None => Ok(codes),
    }
}
