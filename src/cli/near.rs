//! "did you mean" at the end of a message of one line.

use crate::source::did_you_mean;

/// `; did you mean …?`, or nothing when no name is near.
pub(super) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let question = did_you_mean(name.as_bytes(), known.map(str::as_bytes));
    question.map_or_else(String::new, |question| format!("; {question}"))
}
