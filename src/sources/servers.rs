//! A running Servanda, asked how it is: what `servanda check` tells the person who runs it.

use super::http::get;

/// What a server said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It is ready.
    Ready,
    /// It answers and is not ready: why.
    NotReady(String),
    /// It does not answer: why.
    Silent(String),
}

/// Asks the server at that address.
pub async fn health(base_url: &str) -> Health {
    match get(&format!("{base_url}/health/ready")).await {
        Ok(answer) if answer.status == 200 => Health::Ready,
        Ok(answer) => Health::NotReady(format!("it answers {}: {}", answer.status, answer.text.trim())),
        Err(why) => Health::Silent(why),
    }
}
