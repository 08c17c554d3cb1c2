//! Quoted strings (nasmdoc 3.4.2) and character constants (3.4.3).
//!
//! Between `'` or `"` every byte stands for itself.  Between backquotes a backslash begins an escape as in C, and
//! `\e` is the escape character; an unknown or unfinished escape stands for the character after the backslash.

use std::borrow::Cow;

/// Where a quoted string that starts at `text[0]` ends: the index of its closing quote, `None` when it has none.
pub fn quote_end(text: &[u8]) -> Option<usize> {
    let quote = *text.first()?;
    if quote != b'`' {
        return Some(1 + text[1..].iter().position(|&byte| byte == quote)?);
    }
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'\\' => at += 2,
            b'`' => return Some(at),
            _ => at += 1,
        }
    }
}

/// The bytes of a quoted string, its quotes included in `text`.
pub fn unquote(text: &[u8]) -> Cow<'_, [u8]> {
    let Some((&quote, rest)) = text.split_first() else { return Cow::Borrowed(text) };
    let inner = match rest.split_last() {
        Some((&last, inner)) if last == quote => inner,
        _ => rest,
    };
    if quote == b'`' && inner.contains(&b'\\') { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }
}

/// A character constant: the first byte is the least significant.  The second value is false when more than eight
/// bytes were written (the rest is dropped, with a warning).
pub fn character_constant(bytes: &[u8]) -> (u64, bool) {
    let value = bytes.iter().take(8).rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
    (value, bytes.len() <= 8)
}

fn unescape(mut text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    while let Some((&byte, rest)) = text.split_first() {
        text = rest;
        if byte == b'\\' {
            text = escape(text, &mut out);
        } else {
            out.push(byte);
        }
    }
    out
}

/// Writes what the escape means whose text starts after the backslash, and returns the text after it.
fn escape<'a>(text: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((&letter, rest)) = text.split_first() else {
        out.push(b'\\');
        return text;
    };
    let digits = match letter {
        b'x' | b'X' => take_digits(rest, 16, 2),
        b'u' => take_digits(rest, 16, 4),
        b'U' => take_digits(rest, 16, 8),
        b'0'..=b'7' => take_digits(text, 8, 3),
        _ => {
            out.push(simple_escape(letter));
            return rest;
        }
    };
    match (digits, letter) {
        (None, _) => {
            out.push(letter);
            rest
        }
        (Some((number, after)), b'u' | b'U') => {
            push_utf8(number, out);
            after
        }
        (Some((number, after)), _) => {
            out.push(number as u8);
            after
        }
    }
}

fn simple_escape(letter: u8) -> u8 {
    match letter {
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'e' => 27,
        other => other,
    }
}

/// Up to `most` digits; `None` if there is not one.
fn take_digits(text: &[u8], radix: u32, most: usize) -> Option<(u32, &[u8])> {
    let digit = |byte: &u8| char::from(*byte).to_digit(radix);
    let count = text.iter().take(most).take_while(|byte| digit(byte).is_some()).count();
    let number = text[..count].iter().filter_map(digit).fold(0, |number, digit| number * radix + digit);
    (count > 0).then_some((number, &text[count..]))
}

/// UTF-8 as of RFC 2279: up to six bytes, surrogates not refused, as nasm writes what `\u` and `\U` name.
fn push_utf8(point: u32, out: &mut Vec<u8>) {
    let more = match point {
        0..=0x7f => return out.push(point as u8),
        0x80..=0x7ff => 1,
        0x800..=0xffff => 2,
        0x1_0000..=0x1f_ffff => 3,
        0x20_0000..=0x3ff_ffff => 4,
        _ => 5,
    };
    let lead = [0xc0, 0xe0, 0xf0, 0xf8, 0xfc][more - 1];
    out.push((lead + (point >> (6 * more))) as u8);
    out.extend((0..more).rev().map(|group| (0x80 | (point >> (6 * group) & 0x3f)) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[u8]) {
        assert_eq!(quote_end(text.as_bytes()), Some(text.len() - 1), "{text}");
        assert_eq!(&*unquote(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn only_backquotes_know_escapes() {
        check(r"'a\n'", b"a\\n");
        check(r#""it's""#, b"it's");
        check("''", b"");
        check(r"`a\n\t\\\`\'\e`", b"a\n\t\\`'\x1b");
    }

    #[test]
    fn numeric_escapes_are_as_nasm_writes_them() {
        // `db` of this text under nasm 2.16.01.
        check(
            r"`a\x4g\q\e\u263a\U0001F600\400\377\08\xz\uD800\?\x`",
            b"a\x04gq\x1b\xe2\x98\xba\xf0\x9f\x98\x80\x00\xff\x008xz\xed\xa0\x80?x",
        );
    }

    #[test]
    fn an_open_string_has_no_end() {
        assert_eq!(quote_end(b"'abc"), None);
        assert_eq!(quote_end(br"`abc\`"), None);
    }

    #[test]
    fn character_constants_are_little_endian() {
        assert_eq!(character_constant(b"abcd"), (0x6463_6261, true));
        assert_eq!(character_constant(b""), (0, true));
        assert_eq!(character_constant(b"abcdefghi").0, 0x6867_6665_6463_6261);
        assert!(!character_constant(b"abcdefghi").1);
    }
}
