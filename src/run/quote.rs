//! Text of the traced program, in quotes.

/// Bytes of a buffer that are shown.
pub(super) const SHOWN: usize = 32;

/// As strace writes it: the usual escapes, other bytes in octal, as short as the next character allows.
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for (index, &byte) in text.iter().enumerate() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ if text.get(index + 1).is_some_and(u8::is_ascii_digit) => {
                out.push_str(&format!("\\{byte:03o}"));
            }
            _ => out.push_str(&format!("\\{byte:o}")),
        }
    }
    out.push('"');
    out
}

/// At most 32 bytes of a buffer; dots say that there are more.
pub(super) fn quote_buffer(bytes: &[u8], more: bool) -> String {
    let cut = bytes.len() > SHOWN || more;
    let shown = quote(&bytes[..bytes.len().min(SHOWN)]);
    if cut { shown + "..." } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_strace_does() {
        let check = |text: &[u8], expected: &str| assert_eq!(quote(text), expected);
        // From strace 6.1.
        check(b"good day\n", r#""good day\n""#);
        check(b"\x1b[1m\0a\x001\xc3\xa9", r#""\33[1m\0a\0001\303\251""#);
        check(b"a\"b\\c\t\r", r#""a\"b\\c\t\r""#);
        assert_eq!(quote_buffer(&[b'x'; 33], false), format!("\"{}\"...", "x".repeat(32)));
    }
}
