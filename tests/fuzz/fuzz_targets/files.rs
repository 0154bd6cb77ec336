//! Uploaded files: the first line is the name, the rest what is in it, sent in two pieces. What is taken has a safe name and
//! the hash of what is kept; whatever it is, nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::config::{FilePlace, FileSettings};
use servanda::domain::files::{FileKind, is_sha256, safe_name, visible_name};
use servanda::files::Vault;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let name = String::from_utf8_lossy(&bytes[..end]);
    assert!(!visible_name(&name).contains(char::is_control));
    for kind in FileKind::all() {
        let safe = safe_name(&name, kind);
        assert!(!safe.is_empty() && !safe.contains(['/', '\\', '\0', '"', '\n', '\r']), "{safe:?}");
        assert_eq!(safe_name(&safe, kind), safe, "a safe name is left alone");
    }
    let content = &bytes[(end + 1).min(bytes.len())..];
    let settings = FileSettings {
        place: FilePlace::Folder("unused".into()),
        largest: 1_000_000,
    };
    let vault = Vault::in_memory(&settings);
    let (first, second) = content.split_at(content.len() / 2);
    RUNTIME.block_on(async {
        let mut receiving = vault.receive(&name).expect("a store in memory");
        for piece in [first, second] {
            if receiving.push(piece).await.is_err() {
                return;
            }
        }
        if let Ok(kept) = receiving.finish().await {
            assert!(is_sha256(&kept.file.sha256));
            assert_eq!(vault.size(&kept.file.sha256).await.expect("it is there"), Some(kept.file.size));
        }
    });
});
