//! "did you mean": the names nearest to one that does not exist.

/// ` (did you mean …?)`, or nothing when no name is near.
pub(super) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut found: Vec<(usize, &str)> = known
        .map(|other| (distance(name, other), other))
        .filter(|&(edits, _)| edits <= limit(name))
        .collect();
    found.sort_unstable();
    found.dedup();
    let names: Vec<_> = found.iter().take(3).map(|(_, other)| format!("`{other}`")).collect();
    if names.is_empty() { String::new() } else { format!("; did you mean {}?", names.join(" or ")) }
}

/// Short names are all near each other.
fn limit(name: &str) -> usize {
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Edits from one word to the other (Levenshtein), a swap of neighbours counting as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(!a[i - 1].eq_ignore_ascii_case(&b[j - 1]));
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn near_names_are_offered() {
        let check = |name: &str, expected: &str| {
            assert_eq!(hint(name, ["write", "writev", "read", "exit"].into_iter()), expected);
        };
        check("wirte", "; did you mean `write`?");
        check("rite", "; did you mean `write`?");
        check("writve", "; did you mean `write` or `writev`?");
        check("socket", "");
    }
}
