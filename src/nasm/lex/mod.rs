//! The scanner: the text of one logical line in, its tokens out, one at a time.
//!
//! A token is a kind and a range of the text; nothing is copied.  Strings and floating-point literals are read by
//! who needs them, since their value depends on the place (`db`, `dd`, an expression).

mod keyword;

pub(crate) use keyword::{Directive, Keyword, Prefix, key, keyword};

use crate::nasm::value::{number, quote_end};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The end of the line, or a comment.
    End,
    /// A word, with its [`key`].
    Word(u64),
    /// `$name`: a word that is certainly a symbol; the range is without the `$`.
    Symbol,
    /// An integer.
    Number(i64),
    /// An integer of more than 64 bits, as far as it goes.
    LongNumber(i64),
    /// A word that begins like a number and is none.
    BadNumber,
    /// A floating-point literal.
    Float,
    /// A string with its quotes.
    Text,
    /// A string without its closing quote.
    OpenText,
    /// `{…}`.
    Braces,
    /// `$`.
    Here,
    /// `$$`.
    Start,
    Comma,
    Colon,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Plus,
    Minus,
    Star,
    Slash,
    SlashSlash,
    Percent,
    PercentPercent,
    ShiftLeft,
    ShiftRight,
    ArithmeticShiftRight,
    Amp,
    AmpAmp,
    Pipe,
    PipePipe,
    Caret,
    CaretCaret,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Compare,
    Question,
    Tilde,
    Bang,
    /// Any other byte.
    Other(u8),
}

/// A token of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Offset of its first byte.
    pub(crate) start: usize,
    /// Offset after its last byte.
    pub(crate) end: usize,
}

const WORD_START: u8 = 1;
const WORD: u8 = 2;
const DIGIT: u8 = 4;
const SPACE: u8 = 8;
const NUMBER: u8 = 16;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let class = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => WORD_START | WORD | NUMBER,
            b'.' | b'?' | b'@' | 0x80..=0xff => WORD_START | WORD,
            b'0'..=b'9' => WORD | DIGIT | NUMBER,
            b'$' | b'#' | b'~' => WORD,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => SPACE,
            _ => 0,
        };
        table[byte] = class;
        byte += 1;
    }
    table
}

/// Reads tokens from a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// At the start of a line.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Lexer { text, at: 0 }
    }

    /// The line.
    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Continues at another place.
    pub(crate) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte that is not a space, 0 at the end: what follows the token read last.
    #[inline]
    pub(crate) fn following(&self) -> u8 {
        let mut at = self.at;
        while self.class(at) & SPACE != 0 {
            at += 1;
        }
        self.byte(at)
    }

    /// Whether the operand ends with the token read last.
    #[inline]
    pub(crate) fn ends_operand(&self) -> bool {
        matches!(self.following(), b',' | b';') || self.at >= self.text.len()
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    #[inline]
    fn class(&self, at: usize) -> u8 {
        CLASS[self.byte(at) as usize]
    }

    /// The next token.
    #[inline]
    pub(crate) fn next_token(&mut self) -> Token {
        let mut at = self.at;
        while self.class(at) & SPACE != 0 {
            at += 1;
        }
        let first = self.byte(at);
        let class = CLASS[first as usize];
        if class & WORD_START != 0 && (first != b'?' || self.class(at + 1) & WORD != 0) {
            return self.word(at);
        }
        if class & DIGIT != 0 {
            return self.number(at);
        }
        let kind = match first {
            b',' => Kind::Comma,
            b'[' => Kind::OpenBracket,
            b']' => Kind::CloseBracket,
            b'+' => Kind::Plus,
            b'*' => Kind::Star,
            b'-' => Kind::Minus,
            b':' => Kind::Colon,
            b'(' => Kind::OpenParen,
            b')' => Kind::CloseParen,
            _ => return self.punctuation(at, first),
        };
        self.token(kind, at, at + 1)
    }

    #[inline]
    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, start, end }
    }

    #[inline]
    fn word(&mut self, start: usize) -> Token {
        let rest = &self.text[start..];
        let length = rest.iter().position(|&byte| CLASS[byte as usize] & WORD == 0).unwrap_or(rest.len());
        let end = start + length;
        let key = match rest.first_chunk() {
            Some(&bytes) if length <= 8 => keyword::fold(u64::from_le_bytes(bytes), length),
            _ => key(&rest[..length]),
        };
        self.token(Kind::Word(key), start, end)
    }

    /// nasm's rule: `e` makes a float unless the token is hexadecimal, `p` and `.` always do.
    fn number(&mut self, start: usize) -> Token {
        let mut end = start;
        let mut simple: i64 = 0;
        while self.class(end) & DIGIT != 0 && end - start < 18 {
            simple = simple * 10 + i64::from(self.byte(end) - b'0');
            end += 1;
        }
        if end > start && self.class(end) & NUMBER == 0 && self.byte(end) != b'.' {
            return self.token(Kind::Number(simple), start, end);
        }
        end = start;
        let (mut hexadecimal, mut exponent, mut float) = (self.byte(start) == b'$', false, false);
        loop {
            end += 1;
            let sign = matches!(self.byte(end + 1), b'+' | b'-');
            match self.byte(end) {
                b'e' | b'E' if !hexadecimal => {
                    exponent = true;
                    if sign {
                        float = true;
                        end += 1;
                    }
                }
                b'h' | b'H' | b'x' | b'X' => hexadecimal = true,
                b'p' | b'P' => {
                    float = true;
                    end += usize::from(sign);
                }
                b'.' => float = true,
                byte if CLASS[byte as usize] & NUMBER != 0 => {}
                _ => break,
            }
        }
        let kind = if float || exponent && !hexadecimal {
            Kind::Float
        } else {
            match number(&self.text[start..end]) {
                Ok(found) if found.overflow => Kind::LongNumber(found.value as i64),
                Ok(found) => Kind::Number(found.value as i64),
                Err(_) => Kind::BadNumber,
            }
        };
        self.token(kind, start, end)
    }

    /// What is longer than one byte, or means more than itself.
    fn punctuation(&mut self, at: usize, first: u8) -> Token {
        let (second, third) = (self.byte(at + 1), self.byte(at + 2));
        let (kind, length) = match (first, second) {
            (b'\'' | b'"' | b'`', _) => return self.quoted(at),
            (b'$', b'$') if self.class(at + 2) & WORD_START == 0 => (Kind::Start, 2),
            (b'$', _) => return self.dollar(at),
            (b'/', b'/') => (Kind::SlashSlash, 2),
            (b'/', _) => (Kind::Slash, 1),
            (b'%', b'%') => (Kind::PercentPercent, 2),
            (b'%', _) => (Kind::Percent, 1),
            (b'<', b'<') => (Kind::ShiftLeft, if third == b'<' { 3 } else { 2 }),
            (b'<', b'=') if third == b'>' => (Kind::Compare, 3),
            (b'<', b'=') => (Kind::LessEqual, 2),
            (b'<', b'>') => (Kind::NotEqual, 2),
            (b'<', _) => (Kind::Less, 1),
            (b'>', b'>') if third == b'>' => (Kind::ArithmeticShiftRight, 3),
            (b'>', b'>') => (Kind::ShiftRight, 2),
            (b'>', b'=') => (Kind::GreaterEqual, 2),
            (b'>', _) => (Kind::Greater, 1),
            (b'=', b'=') => (Kind::Equal, 2),
            (b'=', _) => (Kind::Equal, 1),
            (b'!', b'=') => (Kind::NotEqual, 2),
            (b'!', _) => (Kind::Bang, 1),
            (b'&', b'&') => (Kind::AmpAmp, 2),
            (b'&', _) => (Kind::Amp, 1),
            (b'|', b'|') => (Kind::PipePipe, 2),
            (b'|', _) => (Kind::Pipe, 1),
            (b'^', b'^') => (Kind::CaretCaret, 2),
            (b'^', _) => (Kind::Caret, 1),
            (b'?', _) => (Kind::Question, 1),
            (b'~', _) => (Kind::Tilde, 1),
            (b'{', _) => {
                let rest = &self.text[at..];
                match rest.iter().position(|&byte| byte == b'}') {
                    Some(close) => (Kind::Braces, close + 1),
                    None => (Kind::Other(b'{'), 1),
                }
            }
            (b';', _) => (Kind::End, 0),
            (0, _) if at >= self.text.len() => (Kind::End, 0),
            (other, _) => (Kind::Other(other), 1),
        };
        self.token(kind, at, at + length)
    }

    fn quoted(&mut self, at: usize) -> Token {
        match quote_end(&self.text[at..]) {
            Some(close) => self.token(Kind::Text, at, at + close + 1),
            None => self.token(Kind::OpenText, at, self.text.len()),
        }
    }

    /// `$`, `$name` or `$0ff`.
    fn dollar(&mut self, at: usize) -> Token {
        let class = self.class(at + 1);
        if class & DIGIT != 0 {
            return self.number(at);
        }
        if class & WORD_START == 0 && self.byte(at + 1) != b'$' {
            return self.token(Kind::Here, at, at + 1);
        }
        let word = self.word(at + 1);
        Token { kind: Kind::Symbol, ..word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Kind]) {
        let mut lexer = Lexer::new(text.as_bytes());
        for &kind in expected {
            assert_eq!(lexer.next_token().kind, kind, "{text}");
        }
        assert_eq!(lexer.next_token().kind, Kind::End, "{text}");
    }

    fn word(text: &str) -> Kind {
        Kind::Word(key(text.as_bytes()))
    }

    #[test]
    fn a_line_of_code() {
        use Kind::*;
        check(
            "  mov EAX,[rbx+8] ; c",
            &[word("mov"), word("eax"), Comma, OpenBracket, word("rbx"), Plus, Number(8), CloseBracket],
        );
        check("$mov: $0ffh $ $$ $$x", &[Symbol, Colon, BadNumber, Here, Start, Symbol]);
        check("'a;b' `\\`` \"", &[Text, Text, OpenText]);
    }

    #[test]
    fn numbers_and_floats_are_told_apart() {
        use Kind::*;
        check(
            "0ffh 1e5 1e5h 1.5 0x1p3 1_000 9q",
            &[Number(255), Float, Number(0x1e5), Float, Float, Number(1000), BadNumber],
        );
        check("99999999999999999999 18446744073709551615", &[LongNumber(7766279631452241919), Number(-1)]);
    }

    #[test]
    fn operators_take_the_longest_match() {
        use Kind::*;
        check(
            "<<<>>>>><=><=<>",
            &[ShiftLeft, ArithmeticShiftRight, ShiftRight, Compare, LessEqual, NotEqual],
        );
        check("1?2:3", &[Number(1), word("?2"), Colon, Number(3)]);
        check("1 ? 2 : 3", &[Number(1), Question, Number(2), Colon, Number(3)]);
        check("{k1}{z}", &[Braces, Braces]);
    }
}
