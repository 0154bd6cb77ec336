//! How long to wait between two tries.

use super::Limits;
use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// The pauses of one page: doubling, bounded, and never the same for two that wait.
#[derive(Debug)]
pub(super) struct Pauses {
    left: u32,
    tries: u32,
    pause: Duration,
    longest: Duration,
    jitter: fn() -> f64,
}

impl Pauses {
    pub(super) fn new(limits: &Limits, jitter: fn() -> f64) -> Self {
        Self {
            left: limits.tries.saturating_sub(1),
            tries: limits.tries.max(1),
            pause: limits.pause,
            longest: limits.longest_pause,
            jitter,
        }
    }

    /// The pause before the next try; `wanted` is what the server asks for. The error says why there is none.
    pub(super) fn next(&mut self, wanted: Option<Duration>) -> Result<Duration, String> {
        if self.left == 0 {
            return Err(match self.tries {
                1 => "it was asked once".to_owned(),
                tries => format!("it was asked {tries} times"),
            });
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted > self.longest) {
            return Err(format!(
                "it asks to come back in {} seconds, which is too long to wait for",
                wanted.as_secs()
            ));
        }
        self.left -= 1;
        let half = self.pause.min(self.longest) / 2;
        let jitter = Some((self.jitter)()).filter(|jitter| jitter.is_finite()).unwrap_or(1.0);
        let pause = half + half.mul_f64(jitter.clamp(0.0, 1.0));
        self.pause = self.pause.saturating_mul(2);
        Ok(pause.max(wanted.unwrap_or_default()))
    }
}

/// What a server asks for with `Retry-After`: seconds, or a moment, taken from the server's own clock.
pub(super) fn asked_pause(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let moment = |text| DateTime::parse_from_rfc2822(text).ok();
    let (until, now) = (moment(asked)?, moment(text(DATE)?)?);
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(reqwest::header::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), reqwest::header::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_server_may_ask_for_seconds_or_name_a_moment() {
        let seconds = headers(&[(RETRY_AFTER, "7")]);
        assert_eq!(asked_pause(&seconds), Some(Duration::from_secs(7)));
        let moment = headers(&[
            (RETRY_AFTER, "Wed, 25 Nov 2026 08:00:30 GMT"),
            (DATE, "Wed, 25 Nov 2026 08:00:00 GMT"),
        ]);
        assert_eq!(asked_pause(&moment), Some(Duration::from_secs(30)));
        let past = headers(&[
            (RETRY_AFTER, "Wed, 25 Nov 2026 07:00:00 GMT"),
            (DATE, "Wed, 25 Nov 2026 08:00:00 GMT"),
        ]);
        assert_eq!(asked_pause(&past), Some(Duration::ZERO));
        for nothing in ["soon", "-1", "1e9"] {
            assert_eq!(asked_pause(&headers(&[(RETRY_AFTER, nothing)])), None, "{nothing}");
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_end() {
        let limits = Limits {
            tries: 5,
            pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(10),
            ..Limits::default()
        };
        let mut pauses = Pauses::new(&limits, || 1.0);
        let all: Vec<u64> = (0..4).map(|_| pauses.next(None).unwrap().as_secs()).collect();
        assert_eq!(all, [2, 4, 8, 10]);
        assert_eq!(pauses.next(None), Err("it was asked 5 times".to_owned()));
        let mut asked = Pauses::new(&limits, || 0.0);
        assert_eq!(asked.next(None), Ok(Duration::from_secs(1)));
        assert_eq!(asked.next(Some(Duration::from_secs(9))), Ok(Duration::from_secs(9)));
        assert!(
            asked
                .next(Some(Duration::from_secs(11)))
                .unwrap_err()
                .contains("11 seconds")
        );
    }

    proptest! {
        #[test]
        fn no_pause_is_longer_than_the_longest(pause in 0..100_000_u64, longest in 0..100_000_u64, wanted in proptest::option::of(0..100_000_u64)) {
            let limits = Limits {
                tries: 40,
                pause: Duration::from_millis(pause),
                longest_pause: Duration::from_millis(longest),
                ..Limits::default()
            };
            let mut pauses = Pauses::new(&limits, || f64::NAN);
            for _ in 0..39 {
                if let Ok(pause) = pauses.next(wanted.map(Duration::from_millis)) {
                    prop_assert!(pause <= limits.longest_pause);
                }
            }
        }
    }
}
