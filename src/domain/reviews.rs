//! The way of a revision of evidence: draft → submitted → accepted, returned with a remark, or rejected with a reason.
//! What was accepted is frozen; a change is a new revision to review. Nobody accepts their own.

use super::evidence::words;
use super::ids::EvidenceId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Where a revision stands.
    ReviewStatus {
        /// Its author is still writing.
        Draft = "draft", "draft";
        /// It waits for somebody else's eyes.
        Submitted = "submitted", "submitted for review";
        /// It counts.
        Accepted = "accepted", "accepted";
        /// Its author is asked to mend it.
        Returned = "returned", "returned with a remark";
        /// It does not count and will not.
        Rejected = "rejected", "rejected";
    }
}

words! {
    /// What somebody does with a revision.
    ReviewMove {
        /// The author hands it in.
        Submit = "submit", "hand in for review";
        /// The author takes it back to write on.
        TakeBack = "take_back", "take back";
        /// A reviewer takes it.
        Accept = "accept", "accept";
        /// A reviewer asks for more.
        Return = "return", "return with a remark";
        /// A reviewer refuses it.
        Reject = "reject", "reject";
    }
}

/// Why a move is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefusal {
    /// One's own.
    #[error("you wrote this revision; somebody else has to review it")]
    Own,
    /// Somebody else's draft.
    #[error("only who wrote this revision can do that")]
    NotOwn,
    /// Not from here.
    #[error("this revision is {0}; that cannot be done with it")]
    Closed(&'static str),
}

impl ReviewStatus {
    /// Where a move leads; `own` is whether the person wrote the revision.
    ///
    /// # Errors
    /// When the move is not open to that person from here.
    pub fn after(self, step: ReviewMove, own: bool) -> Result<Self, ReviewRefusal> {
        match (self, step) {
            (Self::Draft, ReviewMove::Submit) if own => Ok(Self::Submitted),
            (Self::Submitted, ReviewMove::TakeBack) if own => Ok(Self::Draft),
            (Self::Draft, ReviewMove::Submit) | (Self::Submitted, ReviewMove::TakeBack) => Err(ReviewRefusal::NotOwn),
            (Self::Submitted, ReviewMove::Accept | ReviewMove::Return | ReviewMove::Reject) if own => {
                Err(ReviewRefusal::Own)
            }
            (Self::Submitted, ReviewMove::Accept) => Ok(Self::Accepted),
            (Self::Submitted, ReviewMove::Return) => Ok(Self::Returned),
            (Self::Submitted, ReviewMove::Reject) => Ok(Self::Rejected),
            _ => Err(ReviewRefusal::Closed(self.words())),
        }
    }

    /// Whether a new revision may follow while this one is the latest. While one waits for review nobody changes it:
    /// the reviewer must judge what they read.
    #[must_use]
    pub fn is_open_to_change(self) -> bool {
        self != Self::Submitted
    }
}

impl ReviewMove {
    /// Whether the author must be told why.
    #[must_use]
    pub fn needs_remark(self) -> bool {
        matches!(self, Self::Return | Self::Reject)
    }
}

/// One step of a review, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewStep {
    /// Of which evidence.
    pub evidence: EvidenceId,
    /// Of which revision.
    pub revision: i32,
    /// What was done.
    pub step: ReviewMove,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What the reviewer said, or empty.
    pub remark: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReviewMove::*;
    use ReviewStatus::*;

    #[test]
    fn who_may_move_what_where() {
        let table = [
            (Draft, Submit, true, Ok(Submitted)),
            (Draft, Submit, false, Err(ReviewRefusal::NotOwn)),
            (Submitted, TakeBack, true, Ok(Draft)),
            (Submitted, TakeBack, false, Err(ReviewRefusal::NotOwn)),
            (Draft, Accept, false, Err(ReviewRefusal::Closed("draft"))),
            (Submitted, Accept, false, Ok(Accepted)),
            (Submitted, Return, false, Ok(Returned)),
            (Submitted, Reject, false, Ok(Rejected)),
            (Submitted, Accept, true, Err(ReviewRefusal::Own)),
            (Submitted, Reject, true, Err(ReviewRefusal::Own)),
            (Accepted, Reject, false, Err(ReviewRefusal::Closed("accepted"))),
            (
                Returned,
                Accept,
                false,
                Err(ReviewRefusal::Closed("returned with a remark")),
            ),
            (Rejected, Submit, true, Err(ReviewRefusal::Closed("rejected"))),
        ];
        for (from, step, own, expected) in table {
            assert_eq!(from.after(step, own), expected, "{from:?} {step:?} own={own}");
        }
    }
}
