//! Messages kept in memory, for tests of what is sent and what is not.

use crate::domain::reminders::Failure;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// One message as it would have gone out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// The recipient's address.
    pub to: String,
    /// The Message-ID without its angle brackets.
    pub message_id: String,
    /// The whole message.
    pub bytes: Vec<u8>,
}

/// What the next delivery meets.
#[derive(Debug, Clone)]
enum Turn {
    Fail(Failure),
    Hang,
}

/// A mailbox that everything goes into. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailbox {
    stored: Arc<Mutex<Vec<StoredMail>>>,
    turns: Arc<Mutex<VecDeque<Option<Turn>>>>,
}

impl MemoryMailbox {
    /// All that was stored, in order.
    #[must_use]
    pub fn stored(&self) -> Vec<StoredMail> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// After so many good deliveries, the next one fails and stores nothing.
    pub fn fail_after(&self, good: usize, failure: Failure) {
        self.then(good, Turn::Fail(failure));
    }

    /// After so many good deliveries, the next one stores the message and never answers: what a worker meets that dies
    /// between the server's acceptance and its own note of it.
    pub fn hang_after(&self, good: usize) {
        self.then(good, Turn::Hang);
    }

    fn then(&self, good: usize, turn: Turn) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.extend(std::iter::repeat_n(None, good));
        turns.push_back(Some(turn));
    }

    pub(super) async fn deliver(&self, mail: StoredMail) -> Result<(), Failure> {
        let turn = self
            .turns
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
            .flatten();
        if let Some(Turn::Fail(failure)) = turn {
            return Err(failure);
        }
        self.stored.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        if turn.is_some() {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}
