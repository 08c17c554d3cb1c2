//! "did you mean": the names nearest to one that does not exist.

/// Up to three of `known`, all equally near and none nearer, in the order of the alphabet.
pub fn nearest<'a>(name: &[u8], known: impl IntoIterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
    let (limit, own) = (limit(name), letters(name));
    let mut found: Vec<(usize, &[u8])> = Vec::new();
    for other in known {
        // Most names differ too much in length or letters to be measured at all.
        let is_near = other.len().abs_diff(name.len()) <= limit && {
            let other = letters(other);
            (own & !other).count_ones().max((other & !own).count_ones()) as usize <= limit
        };
        if is_near && other != name {
            found.extend(distance(name, other, limit).map(|edits| (edits, other)));
        }
    }
    found.sort_unstable();
    found.dedup();
    let best = found.first().map_or(0, |(edits, _)| *edits);
    found.into_iter().take_while(|(edits, _)| *edits == best).take(3).map(|(_, other)| other).collect()
}

/// The hint that goes with [`nearest`]: `` did you mean `a` or `b`? ``; `None` when no name is near.
pub fn did_you_mean<'a>(name: &[u8], known: impl IntoIterator<Item = &'a [u8]>) -> Option<String> {
    let names: Vec<_> =
        nearest(name, known).iter().map(|other| format!("`{}`", String::from_utf8_lossy(other))).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}

/// Which letters occur, one bit each (some share one); an edit changes at most one of them on either side.
fn letters(name: &[u8]) -> u64 {
    name.iter().fold(0, |set, byte| set | 1 << (byte.to_ascii_lowercase() & 63))
}

/// The longest name that is compared, in bytes: longer ones are made by programs, not mistyped.
const LONGEST: usize = 64;

/// How many edits are still near: short names are all near each other.
fn limit(name: &[u8]) -> usize {
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=LONGEST => 2,
        _ => 0,
    }
}

/// A row of the table of distances, one column more than the longest name that may be near one of [`LONGEST`] bytes.
type Row = [u8; LONGEST + 3];

/// Edits from one word to the other if they are not more than `limit` (Levenshtein), letters of either case being equal
/// and a swap of neighbours counting as one. What lies further away is told from it soon: a thousand messages ask for
/// a thousand names each.
fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if limit == 0 {
        return a.eq_ignore_ascii_case(b).then_some(0);
    }
    let mut before_last: Row = [0; LONGEST + 3];
    let mut last: Row = std::array::from_fn(|column| column as u8);
    for i in 1..=a.len() {
        let mut row: Row = [i as u8; LONGEST + 3];
        let mut least = row[0];
        for j in 1..=b.len() {
            let change = u8::from(!a[i - 1].eq_ignore_ascii_case(&b[j - 1]));
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
            let swapped = i > 1
                && j > 1
                && a[i - 1].eq_ignore_ascii_case(&b[j - 2])
                && a[i - 2].eq_ignore_ascii_case(&b[j - 1]);
            if swapped {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
            least = least.min(row[j]);
        }
        // No later row has anything smaller: the row before had nothing smaller by more than one.
        if usize::from(least) > limit {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    Some(usize::from(last[b.len()])).filter(|edits| *edits <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        let known = ["write", "writev", "read", "exit", "x"].map(str::as_bytes);
        assert_eq!(did_you_mean(name.as_bytes(), known).as_deref(), expected, "{name}");
    }

    #[test]
    fn near_names_are_offered() {
        check("wirte", Some("did you mean `write`?"));
        check("WRITEX", Some("did you mean `write` or `writev`?"));
        check("writevv", Some("did you mean `writev`?"));
        check("rite", Some("did you mean `write`?"));
        check("socket", None);
        check("wriet", Some("did you mean `write`?"));
        check("X", Some("did you mean `x`?"));
        check(&"w".repeat(1000), None);
        check(&format!("{}a", "w".repeat(63)), None);
        check("y", None);
        check("", None);
    }
}
