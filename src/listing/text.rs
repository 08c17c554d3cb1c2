//! What a listing reads from the lines themselves: where they end, what they include, what is not to be listed.

/// Every logical line with the number of its first line and how many it is made of; `\` at an end joins the next.
pub(super) fn lines(text: &[u8]) -> Vec<(u32, u32, Vec<u8>)> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut found: Vec<(u32, u32, Vec<u8>)> = Vec::new();
    let mut goes_on = false;
    if text.is_empty() {
        return found;
    }
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (own, next) = match line.strip_suffix(b"\\") {
            Some(own) => (own, true),
            None => (line, false),
        };
        match found.last_mut() {
            Some((_, count, joined)) if goes_on => {
                *count += 1;
                joined.extend_from_slice(own);
            }
            _ => found.push((number, 1, own.to_vec())),
        }
        goes_on = next;
    }
    found
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

/// `[list +]` or `[list -]`.
pub(super) fn list_directive(line: &[u8]) -> Option<bool> {
    let inner = line.trim_ascii_start().strip_prefix(b"[")?;
    if !begins_with(inner, b"list") {
        return None;
    }
    match inner.trim_ascii_start()[b"list".len()..].trim_ascii_start().first() {
        Some(b'+') => Some(true),
        Some(b'-') => Some(false),
        _ => None,
    }
}

/// The file that `%include` names.
pub(super) fn include(line: &[u8]) -> Option<String> {
    let rest = line.trim_ascii_start();
    if !begins_with(rest, b"%include") {
        return None;
    }
    let name = rest[b"%include".len()..].trim_ascii_start();
    let quote = *name.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let name = &name[1..];
    let end = name.iter().position(|&byte| byte == quote)?;
    Some(String::from_utf8_lossy(&name[..end]).into_owned())
}

/// Whether the macro that a line belongs to is not to be listed (`%macro name 1.nolist`).
pub(super) fn is_in_silent_macro(text: &[u8], line: u32) -> bool {
    let before: Vec<&[u8]> = text.split(|&byte| byte == b'\n').take(line as usize).collect();
    let opens = |line: &&&[u8]| {
        [&b"%macro"[..], b"%imacro", b"%rmacro", b"%irmacro"].iter().any(|word| begins_with(line, word))
    };
    let head = before.iter().rev().find(opens).copied().unwrap_or_default();
    let head = head.split(|&byte| byte == b';').next().unwrap_or_default();
    head.windows(7).any(|part| part == b".nolist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_lines_keep_the_first_number() {
        let found = lines(b"a\nb \\\n c\r\nd\n");
        let expected = [(1, 1, b"a".to_vec()), (2, 2, b"b  c".to_vec()), (4, 1, b"d".to_vec())];
        assert_eq!(found, expected);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn lines_that_change_the_listing_are_known() {
        assert_eq!(list_directive(b" [LIST -]"), Some(false));
        assert_eq!(list_directive(b"[list +] ; on"), Some(true));
        assert_eq!(list_directive(b"[listing +]"), None);
        assert_eq!(include(b"  %include 'a/b.inc' ; c"), Some("a/b.inc".into()));
        assert_eq!(include(b"%includes 'x'"), None);
        let macros = b"%macro a 0.nolist\nnop\n%endmacro\n%macro b 0 ; not .nolist\nnop\n";
        assert!(is_in_silent_macro(macros, 2));
        assert!(!is_in_silent_macro(macros, 5));
    }
}
