//! Strings: quoting, and `%strlen`, `%strcat`, `%substr` (nasmdoc 4.2).

use std::borrow::Cow;

use super::Preprocessor;
use super::host::Host;
use super::token::{Kind, Token};
use crate::nasm::value::unquote;

/// A string's bytes; text without quotes is itself.
pub(super) fn unquoted(text: &[u8]) -> Cow<'_, [u8]> {
    match text.first() {
        Some(b'\'' | b'"' | b'`') => unquote(text),
        _ => Cow::Borrowed(text),
    }
}

/// The bytes as a quoted string: in `'`, else in `"`, else with escapes in backquotes, as nasm writes them.
pub(super) fn quote(bytes: &[u8]) -> Vec<u8> {
    let plain = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    for mark in [b'\'', b'"'] {
        if plain && !bytes.contains(&mark) {
            let mut out = vec![mark];
            out.extend_from_slice(bytes);
            out.push(mark);
            return out;
        }
    }
    let mut out = vec![b'`'];
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' | b'`' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\t' => out.extend(b"\\t"),
            b'\r' => out.extend(b"\\r"),
            7 => out.extend(b"\\a"),
            8 => out.extend(b"\\b"),
            11 => out.extend(b"\\v"),
            12 => out.extend(b"\\f"),
            27 => out.extend(b"\\e"),
            b' '..=b'~' => out.push(byte),
            _ => {
                // Octal needs three digits only before another digit.
                let digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                let text = if digit { format!("\\{byte:03o}") } else { format!("\\{byte:o}") };
                out.extend(text.as_bytes());
            }
        }
    }
    out.push(b'`');
    out
}

impl Preprocessor {
    /// The name that is defined, and the expanded rest.
    fn name_and_rest(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Option<(Token, Vec<Token>)> {
        let name = self.macro_name(list, host)?;
        let mut rest = list.split_off(2);
        self.expand(&mut rest, host);
        Some((name, rest))
    }

    pub(super) fn define_length(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some((name, rest)) = self.name_and_rest(list, host) else { return };
        let Some(string) = rest.first().filter(|token| token.kind == Kind::String) else {
            return self.error(name.span, "`%strlen` requires string as second argument", host);
        };
        let length = i64::try_from(unquoted(self.text.of(string)).len()).unwrap_or(i64::MAX);
        let token = self.number_token(length, string.span);
        self.define_tokens(&name, &[token], host);
    }

    pub(super) fn define_concatenation(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some((name, rest)) = self.name_and_rest(list, host) else { return };
        let mut bytes = Vec::new();
        for token in &rest {
            if token.kind == Kind::String {
                bytes.extend_from_slice(&unquoted(self.text.of(token)));
            } else if !self.text.is(token, b",") {
                return self.error(token.span, "non-string passed to `%strcat`", host);
            }
        }
        let token = self.string_token(&bytes, name.span);
        self.define_tokens(&name, &[token], host);
    }

    pub(super) fn define_part(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some((name, rest)) = self.name_and_rest(list, host) else { return };
        let Some(string) = rest.first().copied().filter(|token| token.kind == Kind::String) else {
            return self.error(name.span, "`%substr` requires string as second argument", host);
        };
        let skip = if rest.get(1).is_some_and(|token| self.text.is(token, b",")) { 2 } else { 1 };
        let Some((start, length)) = self.start_and_length(&rest[skip.min(rest.len())..], name, host) else {
            return;
        };
        let bytes = unquoted(self.text.of(&string)).into_owned();
        let token = self.string_token(part(&bytes, start, length), string.span);
        self.define_tokens(&name, &[token], host);
    }

    /// `start[,length]`; the length is 1 when it is not said.
    fn start_and_length(&mut self, rest: &[Token], name: Token, host: &mut dyn Host) -> Option<(i64, i64)> {
        if rest.is_empty() {
            self.error(name.span, "`%substr` requires a starting index", host);
            return None;
        }
        let comma = rest.iter().position(|token| self.text.is(token, b","));
        let (first, second) = match comma {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, &[][..]),
        };
        let (start, _) = self.evaluate_first(first, host)?;
        let length = if second.is_empty() { 1 } else { self.evaluate_first(second, host)?.0 };
        Some((start, length))
    }
}

/// Part of a string: `start` from 1, negative lengths count from the end (-1 takes everything).
pub(super) fn part(bytes: &[u8], start: i64, length: i64) -> &[u8] {
    let total = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let start = start.saturating_sub(1).max(0);
    let length = match length {
        0.. => length,
        _ => length.saturating_add(total).saturating_add(1).saturating_sub(start),
    };
    if start >= total || length <= 0 {
        return &[];
    }
    let end = start.saturating_add(length).min(total);
    &bytes[usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str, expected: &str) {
        assert_eq!(String::from_utf8(quote(bytes.as_bytes())).unwrap(), expected);
    }

    #[test]
    fn quotes_as_nasm_chooses_them() {
        check("ab", "'ab'");
        check("", "''");
        check("a'b", "\"a'b\"");
        check("a'b\"c", "`a'b\"c`");
        check("a\n1", "`a\\n1`");
        check("é'", "`\\303\\251'`");
    }

    #[test]
    fn parts_count_from_one() {
        assert_eq!(part(b"xyzw", 2, 2), b"yz");
        assert_eq!(part(b"xyzw", 2, -1), b"yzw");
        assert_eq!(part(b"xyzw", 2, -2), b"yz");
        assert_eq!(part(b"xyzw", 0, 2), b"xy");
        assert_eq!(part(b"xyzw", 9, 2), b"");
    }
}
