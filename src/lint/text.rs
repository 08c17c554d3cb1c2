//! What only the source text tells: in which base a number was written, and what stands between quotes.

use std::ops::Range;

use super::graph::Graph;
use super::program::{Program, Stretch};
use super::value::{Ins, NOWHERE};
use crate::source::{Diagnostic, Severity, SourceMap, Span};
use crate::unit::ItemKind;

/// The decimal number of the same digits, when an instruction says `$60` and the sources show no sign that their
/// author takes `$` for hexadecimal.
pub(super) fn meant_in_decimal(
    program: &Program<'_>,
    graph: &Graph,
    writer: Ins,
    number: u16,
) -> Option<u16> {
    if writer == NOWHERE || number < 16 {
        return None;
    }
    let span = graph.span(program, writer)?;
    let digits = format!("{number:x}");
    let written = numerals(program.map.text(span)).any(|one| one == digits.as_bytes());
    if !written || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if program.writes_hexadecimal(writes_hexadecimal) { None } else { digits.parse().ok() }
}

/// Whether a `$` numeral of a source was surely meant in base 16.
fn writes_hexadecimal(map: &SourceMap) -> bool {
    map.files().any(|(_, file)| {
        file.text.split(|&byte| byte == b'\n').any(|line| {
            let is_interrupt = String::from_utf8_lossy(line).to_ascii_lowercase().contains("int");
            numerals(line).any(|one| {
                one.iter().any(u8::is_ascii_alphabetic)
                    || one.len() > 1 && one[0] == b'0'
                    || one == b"80" && is_interrupt
            })
        })
    })
}

/// The digits of every `$…` numeral of a line, outside of comments and quotes.
fn numerals(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let code = without_comment(line);
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'@');
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < code.len() {
            let start = at;
            if matches!(code[at], b'"' | b'\'' | b'`') {
                at = end_of_quote(code, at);
                continue;
            }
            at += 1;
            let begins = code[start] == b'$' && (start == 0 || !is_word(code[start - 1]));
            if begins && code.get(at).is_some_and(u8::is_ascii_digit) {
                while code.get(at).is_some_and(|&byte| is_word(byte)) {
                    at += 1;
                }
                return Some(&code[start + 1..at]);
            }
        }
        None
    })
}

/// The part of a line before its comment.
pub(super) fn without_comment(line: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < line.len() {
        match line[at] {
            b';' => return &line[..at],
            b'"' | b'\'' | b'`' => at = end_of_quote(line, at),
            _ => at += 1,
        }
    }
    line
}

/// The place behind the quote that begins at `at`.
fn end_of_quote(line: &[u8], at: usize) -> usize {
    let quote = line[at];
    let mut end = at + 1;
    while end < line.len() && line[end] != quote {
        end += if quote == b'`' && line[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(line.len())
}

/// Escapes between quotes that leave them alone.
pub(super) fn quotes(program: &Program<'_>, findings: &mut Vec<Diagnostic>) {
    // Most programs have no backslash, and then nothing more is read.
    if !program.map.files().any(|(_, file)| file.text.contains(&b'\\')) {
        return;
    }
    let data = || program.sections().flat_map(|id| program.items_of(id, ItemKind::Data));
    let is_suspect = |text: &[u8]| text.contains(&b'\\') && defines_data(text);
    if !data().any(|item| is_suspect(program.map.text(item.span))) {
        return;
    }
    let defined = data().map(|item| program.map.text(item.span)).filter(|text| defines_data(text));
    let writes_newlines = defined.into_iter().any(says_newline);
    for item in data() {
        let text = program.map.text(item.span);
        if !is_suspect(text) {
            continue;
        }
        if let Some(range) = mistaken_quote(text, writes_newlines) {
            findings.push(about_quote(item, text, range));
        }
    }
}

/// Whether text is NASM's `db` or its like: items may come from scripts and included files as well.
fn defines_data(text: &[u8]) -> bool {
    let word = text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    ["db", "dw", "dd", "dq", "times"].iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

fn about_quote(item: &Stretch, text: &[u8], range: Range<usize>) -> Diagnostic {
    let place = |offset: usize| item.span.start + u32::try_from(offset).unwrap_or(0);
    let span = Span { start: place(range.start), end: place(range.end), ..item.span };
    let quoted = String::from_utf8_lossy(&text[range]).into_owned();
    let inner = &quoted[1..quoted.len() - 1];
    let escape = ["\\033", "\\x1b", "\\e", "\\n"].into_iter().find(|one| inner.contains(one)).unwrap_or("\\");
    let message = format!("`{escape}` between these quotes is {} characters, not an escape", escape.len());
    Diagnostic { name: Some("quote-escape"), ..Diagnostic::new(Severity::Note, span, message) }
        .note("NASM reads escapes only between backquotes")
        .hint(format!("`{inner}`"))
}

/// The quote in a `db` that was meant to have escapes.
fn mistaken_quote(text: &[u8], writes_newlines: bool) -> Option<Range<usize>> {
    let code = without_comment(text);
    let own_newline = says_newline(code);
    let mut at = 0;
    while at < code.len() {
        if !matches!(code[at], b'"' | b'\'' | b'`') {
            at += 1;
            continue;
        }
        let end = end_of_quote(code, at);
        let range = at..end;
        at = end;
        if code[range.start] == b'`' || end < range.start + 2 || code[end - 1] != code[range.start] {
            continue;
        }
        let inner = &code[range.start + 1..end - 1];
        let colour =
            [&b"\\033["[..], b"\\e[", b"\\x1b[", b"\\x1B["].iter().any(|start| inner.starts_with(start));
        let ends = inner.ends_with(b"\\n") && !inner.ends_with(b"\\\\n") && !own_newline;
        // `\n` alone may be what an escaping tool prints; a program that knows another newline means it.
        let alone = inner.len() == 2 && writes_newlines;
        // `\n` before the next sentence; in a path a small letter would follow.
        let between = !own_newline
            && inner.windows(3).any(|three| three.starts_with(b"\\n") && three[2].is_ascii_uppercase());
        if (colour && !own_newline || ends && !alone || between) && !explains(inner) {
            return Some(range);
        }
    }
    None
}

/// Whether text speaks of backslashes: more than one kind of escape, or a path.
fn explains(inner: &[u8]) -> bool {
    let escapes = inner.windows(2).filter(|pair| pair[0] == b'\\');
    let odd = escapes.filter(|pair| !matches!(pair[1], b'n' | b't' | b'r' | b'e' | b'0' | b'x')).count();
    odd > 0 || inner.windows(2).any(|pair| pair == b":\\")
}

/// Whether a `db` has a newline in another way: the number, or an escape between backquotes.
fn says_newline(text: &[u8]) -> bool {
    let code = without_comment(text);
    let mut plain = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if matches!(code[at], b'"' | b'\'' | b'`') {
            let end = end_of_quote(code, at);
            if code[at] == b'`' && code[at..end].windows(2).any(|pair| pair == b"\\n") {
                return true;
            }
            at = end;
        } else {
            plain.push(code[at].to_ascii_lowercase());
            at += 1;
        }
    }
    let words = plain.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    let mut words = words.filter(|word| !word.is_empty());
    words.any(|word| {
        matches!(
            word,
            b"10"
                | b"0xa"
                | b"0x0a"
                | b"0ah"
                | b"0xah"
                | b"ah"
                | b"nl"
                | b"lf"
                | b"newline"
                | b"endl"
                | b"crlf"
                | b"0ax"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_with_a_dollar_are_found_outside_of_quotes_and_comments() {
        let check = |line: &str, expected: &[&str]| {
            let found: Vec<_> = numerals(line.as_bytes()).map(|one| String::from_utf8_lossy(one)).collect();
            assert_eq!(found, expected, "{line}");
        };
        check("mov eax,$60 ; $7", &["60"]);
        check("db '$5',$0A,a$6", &["0A"]);
        check("len equ $-msg", &[]);
    }

    #[test]
    fn escapes_are_mistakes_where_nothing_says_otherwise() {
        let check = |text: &str, expected: Option<&str>| {
            let found = mistaken_quote(text.as_bytes(), true);
            assert_eq!(found.map(|range| &text[range]), expected, "{text}");
        };
        check(r#"db "hello\n""#, Some(r#""hello\n""#));
        check(r#"db "hello\n",0"#, Some(r#""hello\n""#));
        check(r#"db 'a', "hello\n", 0 ; x"#, Some(r#""hello\n""#));
        check(r#"db "\033[31mred""#, Some(r#""\033[31mred""#));
        check(r#"db "one\nTwo",0"#, Some(r#""one\nTwo""#));
        check(r#"db "src\name",0"#, None);
        check(r#"db `hello\n`"#, None);
        check(r#"db "write \n",10"#, None);
        check(r#"db "\n""#, None);
        check(r#"db "C:\new\n""#, None);
        check(r#"db "back\\n""#, None);
        check(r#"db "\t \" \n""#, None);
    }
}
