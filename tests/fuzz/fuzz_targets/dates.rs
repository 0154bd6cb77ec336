//! Dates as people and files write them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::domain::dates::{PartialDate, parse_day};
use servanda::domain::reference::read_day;

fuzz_target!(|text: &str| {
    if let Ok(date) = text.parse::<PartialDate>() {
        assert_eq!(date.to_string(), text, "a date is written as it was read");
        assert!(date.earliest() <= date.latest());
        assert!(date.day().is_none_or(|day| day == date.earliest() && day == date.latest()));
    }
    match (parse_day(text), read_day(text)) {
        (Ok(day), Ok(same)) => assert_eq!((day, day.to_string().as_str()), (same, text)),
        (Err(_), Err(why)) => assert!(!why.is_empty()),
        (one, other) => panic!("{one:?} and {other:?}"),
    }
});
