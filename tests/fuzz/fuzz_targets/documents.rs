//! Evidence and instruments as they are stored and imported: JSON that is read is written and read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::domain::evidence::Evidence;
use servanda::domain::instruments::Instrument;

fuzz_target!(|text: &str| {
    if let Ok(evidence) = serde_json::from_str::<Evidence>(text) {
        let written = serde_json::to_string(&evidence).expect("written");
        assert_eq!(serde_json::from_str::<Evidence>(&written).expect("read again"), evidence);
        let _ = evidence.date().map(|date| date.latest());
    }
    if let Ok(instrument) = serde_json::from_str::<Instrument>(text) {
        let written = serde_json::to_string(&instrument).expect("written");
        assert_eq!(serde_json::from_str::<Instrument>(&written).expect("read again"), instrument);
    }
});
