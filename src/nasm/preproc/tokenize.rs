//! One line of text to the preprocessor's tokens (nasmdoc chapter 4; where it is silent, what nasm 2.16.01 does).

use super::names::{Atom, Names};
use super::token::{Kind, Text, Token, offset};
use crate::nasm::value::quote_end;
use crate::source::Span;

/// What was wrong with a line's text, where in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A quoted string without its end.
    String(usize),
    /// `%{` or `%[` without its end.
    Bracket(usize),
}

/// Where the place of a piece of text is known from.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The text is a copy of the source from this byte on.
    Source(Span),
    /// Everything stands for one place.
    Whole(Span),
    /// Lines joined by `\`: runs of the text, as (offset, first byte in the source).
    Joined(&'a [(u32, u32)]),
}

impl Place<'_> {
    fn span(self, start: usize, end: usize) -> Span {
        match self {
            Place::Source(line) => {
                Span { start: line.start + offset(start), end: line.start + offset(end), ..line }
            }
            Place::Whole(span) => span,
            Place::Joined(runs) => {
                let after = runs.partition_point(|run| run.0 as usize <= start);
                let (from, place) = runs[after.saturating_sub(1)];
                let first = place + offset(start) - from;
                Span::new(first, first + offset(end - start))
            }
        }
    }
}

/// Whether a byte can begin a name.
pub(super) fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'?' | b'@' | 0x80..)
}

/// Whether a byte can stand in a name.
pub(super) fn is_name_byte(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || matches!(byte, b'$' | b'#' | b'~')
}

/// A token's bounds: the text it is known by (without the braces of `%{...}`), and where the next begins.
struct Cut {
    kind: Kind,
    start: usize,
    end: usize,
    next: usize,
    /// `%{name}` is known by `%name`.
    percent: bool,
}

impl Cut {
    fn plain(kind: Kind, start: usize, end: usize) -> Self {
        Cut { kind, start, end, next: end, percent: false }
    }
}

/// Appends the tokens of `line` to `list` and their texts to `text`, up to a comment.
pub(super) fn tokenize(
    line: &[u8],
    place: Place<'_>,
    names: &Names,
    text: &mut Text,
    list: &mut Vec<Token>,
) -> Option<Flaw> {
    let base = offset(text.0.len());
    text.0.extend_from_slice(line);
    let mut flaw = None;
    let mut at = 0;
    let mut space = false;
    while let Some(&byte) = line.get(at) {
        if byte.is_ascii_whitespace() || byte == 0x0b {
            space = true;
            at += 1;
            continue;
        }
        if byte == b';' {
            break;
        }
        let cut = cut(line, at, &mut flaw);
        let known = &line[cut.start..cut.end];
        let (start, len) = if cut.percent {
            let start = offset(text.0.len());
            text.0.push(b'%');
            text.0.extend_from_slice(known);
            (start, offset(known.len() + 1))
        } else {
            (base + offset(cut.start), offset(known.len()))
        };
        let mut token = Token {
            start,
            len,
            atom: Atom::NONE,
            span: place.span(at, cut.next),
            kind: cut.kind,
            space,
            formal: 0,
        };
        if token.is_name() {
            token.atom = names.find(name_of(text.of(&token), cut.kind));
        }
        list.push(token);
        at = cut.next;
        space = false;
    }
    flaw
}

/// The part of a token's text that is looked up: a context-local name without `%` and `$`s.
pub(super) fn name_of(text: &[u8], kind: Kind) -> &[u8] {
    match kind {
        Kind::Local => {
            let dollars = text[1..].iter().take_while(|&&byte| byte == b'$').count();
            &text[1 + dollars..]
        }
        _ => text,
    }
}

fn cut(line: &[u8], at: usize, flaw: &mut Option<Flaw>) -> Cut {
    let byte = line[at];
    let next = line.get(at + 1).copied().unwrap_or(0);
    match byte {
        b'%' => percent(line, at, flaw),
        b'\'' | b'"' | b'`' => match quote_end(&line[at..]) {
            Some(last) => Cut::plain(Kind::String, at, at + last + 1),
            None => {
                flaw.get_or_insert(Flaw::String(at));
                Cut::plain(Kind::Other, at, line.len())
            }
        },
        b'$' if next == b'$' => Cut::plain(Kind::Other, at, at + 2),
        b'$' if is_name_start(next) => Cut::plain(Kind::Id, at, run(line, at + 1, is_name_byte)),
        b'0'..=b'9' => number(line, at),
        b'$' if next.is_ascii_digit() => number(line, at),
        _ if is_name_start(byte) => Cut::plain(Kind::Id, at, run(line, at, is_name_byte)),
        _ => Cut::plain(Kind::Other, at, at + operator(&line[at..])),
    }
}

fn run(line: &[u8], from: usize, keep: impl Fn(u8) -> bool) -> usize {
    from + line[from..].iter().take_while(|&&byte| keep(byte)).count()
}

fn string_end(line: &[u8], at: usize, flaw: &mut Option<Flaw>) -> usize {
    match quote_end(&line[at..]) {
        Some(last) => at + last + 1,
        None => {
            flaw.get_or_insert(Flaw::String(at));
            line.len()
        }
    }
}

/// The longest operator that the text starts with.
fn operator(text: &[u8]) -> usize {
    const LONG: [&[u8]; 14] =
        [b"<<<", b">>>", b"<=>", b"<<", b">>", b"//", b"==", b"<>", b"<=", b">=", b"!=", b"&&", b"||", b"^^"];
    LONG.iter().find(|long| text.starts_with(long)).map_or(1, |long| long.len())
}

/// A number, its letters and points included, since only the parser knows bases.
fn number(line: &[u8], at: usize) -> Cut {
    let byte = |at: usize| line.get(at).copied().unwrap_or(0);
    let mut hex = byte(at) == b'$' || byte(at) == b'0' && matches!(byte(at + 1), b'x' | b'X' | b'h' | b'H');
    let mut float = false;
    let mut exponent = false;
    let mut end = at + 1;
    loop {
        match byte(end) {
            b'e' | b'E' if !hex => {
                exponent = true;
                if matches!(byte(end + 1), b'+' | b'-') {
                    float = true;
                    end += 1;
                }
            }
            b'p' | b'P' => {
                float = true;
                if matches!(byte(end + 1), b'+' | b'-') {
                    end += 1;
                }
            }
            // `1.nolist` is a number and a word: a point counts only before digits or an exponent.
            b'.' => {
                let after = run(line, end + 1, |byte| byte == b'_');
                let digit = |byte: u8| byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
                if !digit(byte(after))
                    && !matches!(byte(after), b'p' | b'P')
                    && (hex || !matches!(byte(after), b'e' | b'E'))
                {
                    break;
                }
                float = true;
            }
            b'_' => {}
            b'H' | b'h' if end == at + 1 && byte(at) == b'0' => hex = true,
            other if other.is_ascii_alphanumeric() => {}
            _ => break,
        }
        end += 1;
    }
    let digits = &line[at..end];
    let suffixed = matches!(digits.last(), Some(b'h' | b'H' | b'x' | b'X'));
    float |= exponent
        && !suffixed
        && digits.iter().all(|&b| b.is_ascii_digit() || matches!(b, b'e' | b'E' | b'_'));
    Cut::plain(if float { Kind::Float } else { Kind::Number }, at, end)
}

/// What begins with `%`.
fn percent(line: &[u8], at: usize, flaw: &mut Option<Flaw>) -> Cut {
    let byte = |at: usize| line.get(at).copied().unwrap_or(0);
    let next = byte(at + 1);
    match next {
        b'{' | b'[' => return bracketed(line, at, flaw),
        b'+' | b'-' if byte(at + 2).is_ascii_digit() => {
            return Cut::plain(Kind::Param, at, run(line, at + 2, |byte| byte.is_ascii_digit()));
        }
        b'0'..=b'9' => return Cut::plain(Kind::Param, at, run(line, at + 1, |byte| byte.is_ascii_digit())),
        b'!' => {
            let end = match byte(at + 2) {
                b'\'' | b'"' | b'`' => string_end(line, at + 2, flaw),
                _ => run(line, at + 2, is_name_byte),
            };
            return Cut::plain(if end > at + 2 { Kind::Environment } else { Kind::Other }, at, end);
        }
        _ => {}
    }
    let end = match next {
        b'+' | b',' => at + 2,
        b'?' => at + 2 + usize::from(byte(at + 2) == b'?'),
        b'*' if byte(at + 2) == b'?' => at + 3 + usize::from(byte(at + 3) == b'?'),
        b'$' => {
            let name = run(line, at + 1, |byte| byte == b'$');
            if is_name_byte(byte(name)) { run(line, name, is_name_byte) } else { at + 1 }
        }
        b'%' => match byte(at + 2) {
            after if is_name_byte(after) => run(line, at + 2, is_name_byte),
            _ => at + 2,
        },
        _ if is_name_byte(next) => run(line, at + 1, is_name_byte),
        _ => at + 1,
    };
    Cut::plain(classify(&line[at + 1..end]), at, end)
}

/// What a `%` followed by this is.
fn classify(rest: &[u8]) -> Kind {
    match rest {
        b"+" => Kind::Paste,
        b"," => Kind::CondComma,
        b"?" => Kind::Name,
        b"??" => Kind::DefinedName,
        b"*?" => Kind::InnerName,
        b"*??" => Kind::InnerDefinedName,
        b"" | b"%" | b"$" | b"!" => Kind::Other,
        [b'0'..=b'9' | b':', ..] | [b'-' | b'+', _, ..] => Kind::Param,
        [b'!', ..] => Kind::Environment,
        [b'%', ..] => Kind::MacroLocal,
        [b'$', ..] => Kind::Local,
        [first, ..] if is_name_byte(*first) || rest.len() > 1 => Kind::Preproc,
        _ => Kind::Other,
    }
}

/// `%{...}` and `%[...]`: brackets of the same sort nest, strings hide them.
fn bracketed(line: &[u8], at: usize, flaw: &mut Option<Flaw>) -> Cut {
    let open = line[at + 1];
    let close = open + 2;
    let mut depth = 1;
    let mut end = at + 2;
    while depth > 0 {
        match line.get(end) {
            None => {
                flaw.get_or_insert(Flaw::Bracket(at));
                break;
            }
            Some(&byte) if byte == open => depth += 1,
            Some(&byte) if byte == close => depth -= 1,
            Some(b'\'' | b'"' | b'`') => end = string_end(line, end, &mut None) - 1,
            Some(_) => {}
        }
        end += 1;
    }
    let end = end.min(line.len());
    let inner_end = if depth == 0 { end - 1 } else { end };
    let kind = if open == b'[' { Kind::Indirect } else { classify(&line[at + 2..inner_end]) };
    Cut { kind, start: at + 2, end: inner_end, next: end, percent: open == b'{' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(Kind, &str)]) {
        let (mut text, mut list) = (Text::default(), Vec::new());
        tokenize(line.as_bytes(), Place::Whole(Span::NONE), &Names::new(), &mut text, &mut list);
        let found: Vec<_> =
            list.iter().map(|token| (token.kind, std::str::from_utf8(text.of(token)).unwrap())).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn what_begins_with_a_percent_sign() {
        check("%define a%1", &[(Kind::Preproc, "%define"), (Kind::Id, "a"), (Kind::Param, "%1")]);
        check("%{$x}_y", &[(Kind::Local, "%$x"), (Kind::Id, "_y")]);
        check("%$$x %%l", &[(Kind::Local, "%$$x"), (Kind::MacroLocal, "%%l")]);
        check("%{1:-1}%-2%+3", &[(Kind::Param, "%1:-1"), (Kind::Param, "%-2"), (Kind::Param, "%+3")]);
        check(
            "a%+b % c %% d",
            &[
                (Kind::Id, "a"),
                (Kind::Paste, "%+"),
                (Kind::Id, "b"),
                (Kind::Other, "%"),
                (Kind::Id, "c"),
                (Kind::Other, "%%"),
                (Kind::Id, "d"),
            ],
        );
        check(
            "%[a[b]']']%?%??",
            &[(Kind::Indirect, "a[b]']'"), (Kind::Name, "%?"), (Kind::DefinedName, "%??")],
        );
    }

    #[test]
    fn numbers_strings_and_operators() {
        check(
            "0x1F 1.5e+3 1e5 0ffh $0a",
            &[
                (Kind::Number, "0x1F"),
                (Kind::Float, "1.5e+3"),
                (Kind::Float, "1e5"),
                (Kind::Number, "0ffh"),
                (Kind::Number, "$0a"),
            ],
        );
        check(
            "a<<b'x;' ;c",
            &[(Kind::Id, "a"), (Kind::Other, "<<"), (Kind::Id, "b"), (Kind::String, "'x;'")],
        );
    }
}
