//! What a listing reads from the lines themselves: where they end, what is not to be listed.

/// The first line of a text; `\` at an end joins the next.
pub(super) fn logical_line(text: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    for line in text.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(own) = line.strip_suffix(b"\\") else {
            joined.extend_from_slice(line);
            break;
        };
        joined.extend_from_slice(own);
    }
    joined
}

/// Whether a line begins with a word, in any case.
pub(super) fn begins_with(line: &[u8], word: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let ends = |after: &u8| !after.is_ascii_alphanumeric() && *after != b'_';
    line.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word))
        && line.get(word.len()).is_none_or(ends)
}

/// `resb` and its kin.
pub(super) fn begins_with_reserve(statement: &[u8]) -> bool {
    b"bwdqtoyz".iter().any(|&letter| begins_with(statement, &[b'r', b'e', b's', letter]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_behind_a_backslash() {
        assert_eq!(logical_line(b"a\nb\n"), b"a");
        assert_eq!(logical_line(b"b \\\n c\r\nd\n"), b"b  c");
        assert_eq!(logical_line(b""), b"");
    }
}
