//! Actions in plain words.

/// Every action there is a sentence for: what was done, said of whoever did it.
pub const WORDS: [(&str, &str); 49] = [
    ("import", "loaded with the shipped data"),
    (super::IMPORTED_EVIDENCE, "imported this evidence from a file"),
    (super::IMPORTED_GRADE, "imported the grade from a file"),
    (super::IMPORTED_ROWS, "imported rows on the state from a file"),
    ("evidence.add", "wrote this evidence down"),
    ("evidence.revise", "wrote a new revision"),
    ("evidence.submit", "handed the revision in for review"),
    ("evidence.take_back", "took the revision back to go on writing"),
    ("evidence.accept", "accepted the revision: it counts from now on"),
    ("evidence.return", "returned the revision to its author"),
    ("evidence.reject", "rejected the revision"),
    ("assessment.decide", "graded the obligation"),
    ("cause.record", "recorded why the gap stays open"),
    ("cause.weigh", "weighed the causes of the gap"),
    ("participation.record", "recorded a treaty action"),
    ("report.record", "recorded what became of a report"),
    ("coding.open", "opened a double grading"),
    ("coding.hand_in", "handed in a grade of a double grading"),
    ("coding.complete", "completed a double grading"),
    ("coding.reconcile", "settled what two graders saw differently"),
    ("coding.close", "closed a double grading"),
    ("study.open", "opened a coding study"),
    ("study.code", "coded a case of a study"),
    ("study.finish", "finished coding"),
    ("study.complete", "completed the study: all have finished"),
    ("study.end", "ended the study early"),
    ("study.settle", "noted what was settled about a case"),
    ("proposal.find", "kept what differs on a status page"),
    ("proposal.refuse", "refused a proposal"),
    ("proposal.accept", "accepted a proposal"),
    ("comment.add", "wrote a comment"),
    ("comment.assign", "assigned a comment"),
    ("comment.resolve", "settled a comment"),
    ("file.upload", "sent a file"),
    ("link.dead", "found the link dead"),
    ("link.back", "found that the link answers again"),
    ("user.add", "made the account"),
    ("user.enable", "let the account in again"),
    ("user.disable", "shut the account out"),
    ("user.role", "gave the account another role"),
    ("user.password", "set another password"),
    ("session.open", "signed in"),
    ("session.close", "signed out"),
    ("token.mint", "made a token for a program"),
    ("token.revoke", "revoked a token"),
    ("subscription.follow", "followed"),
    ("subscription.unfollow", "stopped following"),
    ("reminder.revive", "set a reminder going again"),
    ("seals.adopt", "sealed what was written before there were seals"),
];

/// What was done; an action without a sentence is shown by its code.
#[must_use]
pub fn words(action: &str) -> String {
    let known = WORDS.iter().find(|(code, _)| *code == action);
    known.map_or_else(|| format!("did “{action}”"), |(_, words)| (*words).to_owned())
}

/// Whether it may be an action: letters and underscores, with one dot or none.
#[must_use]
pub fn plain(action: &str) -> bool {
    let letters = action.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
    letters && !action.is_empty() && action.len() <= 60 && action.matches('.').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_one_sentence_and_an_unknown_one_its_code() {
        let mut codes: Vec<&str> = WORDS.iter().map(|(code, _)| *code).collect();
        assert!(codes.iter().all(|code| plain(code)));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), WORDS.len());
        assert_eq!(words("evidence.merge"), "did “evidence.merge”");
        assert!(!plain("x; drop table") && !plain("a.b.c"));
    }
}
