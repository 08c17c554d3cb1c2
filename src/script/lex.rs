//! Characters to tokens, one at a time: the parser asks for the next, and for a bare word where an address
//! (`127.0.0.1`, `::1`) stands, which no other token looks like.

use crate::source::{Diagnostic, Diagnostics, Span};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    /// The bits, and whether they were written in decimal (then the sign bit is not free to use).
    Number(u64, bool),
    Text(Vec<u8>),
    /// An operator or bracket.
    Sign(&'static str),
    /// A line end or `;`.
    Break,
    End,
}

/// Longest first, so that `>>>` is not `>>` and `>`.
const SIGNS: &[&str] = &[
    ">>>", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "..", "+", "-", "*", "/", "%", "&", "|", "^", "~",
    "<", ">", "!", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".",
];

/// A place in a text.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    /// The number of the text's first byte in the source map.
    base: u32,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], base: u32) -> Self {
        Lexer { text, base, at: 0 }
    }

    /// The next token and where it stands.
    pub(super) fn next(&mut self, diagnostics: &mut Diagnostics) -> (Token, Span) {
        self.skip_blanks();
        let start = self.at;
        let token = match self.text.get(start) {
            None => Token::End,
            Some(b'\n' | b';') => {
                self.at += 1;
                Token::Break
            }
            Some(b'"') => self.text_token(diagnostics),
            Some(b'\'') => self.character(diagnostics),
            Some(byte) if byte.is_ascii_digit() => self.number(diagnostics),
            Some(byte) if is_name(*byte) => Token::Name(self.take_while(is_name)),
            Some(_) => self.sign(diagnostics),
        };
        (token, self.span(start))
    }

    /// Whether the next character, without blanks between, is `byte`.
    pub(super) fn touches(&self, byte: u8) -> bool {
        self.text.get(self.at) == Some(&byte)
    }

    /// Whether the next character after blanks is `byte`.
    pub(super) fn followed_by(&self, byte: u8) -> bool {
        let mut rest = self.text[self.at..].iter().skip_while(|byte| **byte == b' ' || **byte == b'\t');
        rest.next() == Some(&byte)
    }

    /// Whether a name comes next, after blanks.
    pub(super) fn next_is_name(&self) -> bool {
        let mut rest = self.text[self.at..].iter().skip_while(|byte| **byte == b' ' || **byte == b'\t');
        rest.next().is_some_and(|byte| is_name(*byte) && !byte.is_ascii_digit())
    }

    /// Everything up to a blank, `;`, `}` or `#`.
    pub(super) fn bare_word(&mut self) -> (String, Span) {
        self.skip_blanks();
        let start = self.at;
        let word = self.take_while(|byte| !byte.is_ascii_whitespace() && !b";}#,".contains(&byte));
        (word, self.span(start))
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.base + place(start), self.base + place(self.at))
    }

    fn skip_blanks(&mut self) {
        while let Some(&byte) = self.text.get(self.at) {
            if byte == b'#' {
                self.take_while(|byte| byte != b'\n');
            } else if byte != b'\n' && byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|&byte| wanted(byte)) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    fn sign(&mut self, diagnostics: &mut Diagnostics) -> Token {
        let rest = &self.text[self.at..];
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(sign.as_bytes())) {
            self.at += sign.len();
            return Token::Sign(sign);
        }
        let start = self.at;
        let length = std::str::from_utf8(&rest[..rest.len().min(4)])
            .or_else(|error| std::str::from_utf8(&rest[..error.valid_up_to()]))
            .ok()
            .and_then(|text| text.chars().next())
            .map_or(1, char::len_utf8);
        self.at += length;
        let shown = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        diagnostics.error(self.span(start), format!("`{shown}` means nothing in a script"));
        self.next(diagnostics).0
    }

    fn number(&mut self, diagnostics: &mut Diagnostics) -> Token {
        let start = self.at;
        let word = self.take_while(is_name);
        let span = self.span(start);
        let digits = word.replace('_', "");
        let (radix, body) = match digits.get(..2) {
            Some("0x" | "0X") => (16, &digits[2..]),
            Some("0o" | "0O") => (8, &digits[2..]),
            Some("0b" | "0B") => (2, &digits[2..]),
            _ => (10, digits.as_str()),
        };
        if radix == 10 && body.len() > 1 && body.starts_with('0') && body.bytes().all(|b| b.is_ascii_digit())
        {
            let rest = body.trim_start_matches('0');
            let rest = if rest.is_empty() { "0" } else { rest };
            let octal = if rest.bytes().all(|b| b < b'8') {
                format!("`0o{rest}` (octal) or ")
            } else {
                String::new()
            };
            let wrong = Diagnostic::error(span, format!("`{word}` may be read in two ways"));
            diagnostics.push(wrong.hint(format!("write {octal}`{rest}` (decimal)")));
            return Token::Number(0, true);
        }
        match u64::from_str_radix(body, radix) {
            Ok(value) => Token::Number(value, radix == 10),
            Err(error) => {
                let large = *error.kind() == std::num::IntErrorKind::PosOverflow;
                let text = if large {
                    format!("`{word}` does not fit in 64 bits")
                } else {
                    format!("`{word}` is not a number")
                };
                diagnostics.error(span, text);
                Token::Number(0, true)
            }
        }
    }

    fn text_token(&mut self, diagnostics: &mut Diagnostics) -> Token {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            match self.text.get(self.at) {
                None | Some(b'\n') => {
                    let wrong = Diagnostic::error(self.span(start), "this string has no closing `\"`");
                    diagnostics.push(wrong.hint("a line break inside a string is written `\\n`"));
                    break;
                }
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(_) => self.text_byte(&mut bytes, diagnostics),
            }
        }
        Token::Text(bytes)
    }

    fn character(&mut self, diagnostics: &mut Diagnostics) -> Token {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        while self.text.get(self.at).is_some_and(|&byte| byte != b'\'' && byte != b'\n') {
            self.text_byte(&mut bytes, diagnostics);
        }
        if self.touches(b'\'') {
            self.at += 1;
        }
        if bytes.len() != 1 {
            let wrong = Diagnostic::error(self.span(start), "single quotes hold exactly one byte");
            diagnostics.push(wrong.hint("a string is written with double quotes"));
        }
        Token::Number(u64::from(bytes.first().copied().unwrap_or(0)), false)
    }

    /// One byte of a string, or one escape.
    fn text_byte(&mut self, bytes: &mut Vec<u8>, diagnostics: &mut Diagnostics) {
        let start = self.at;
        let byte = self.text[self.at];
        self.at += 1;
        if byte != b'\\' {
            return bytes.push(byte);
        }
        let letter = self.text.get(self.at).copied().filter(|&byte| byte != b'\n');
        self.at += usize::from(letter.is_some());
        bytes.push(match letter {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'0') => 0,
            Some(b'e') => 0x1b,
            Some(byte @ (b'\\' | b'"' | b'\'')) => byte,
            Some(b'x') => return self.hexadecimal(start, bytes, diagnostics),
            _ => {
                let shown = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
                let wrong = Diagnostic::error(self.span(start), format!("`{shown}` is no escape"));
                return diagnostics.push(wrong.hint("there are \\n \\t \\r \\0 \\e \\\\ \\\" \\' \\xHH"));
            }
        });
    }

    fn hexadecimal(&mut self, start: usize, bytes: &mut Vec<u8>, diagnostics: &mut Diagnostics) {
        let digits = self.text.get(self.at..self.at + 2).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                self.at += 2;
                bytes.push(byte);
            }
            None => diagnostics.error(self.span(start), "`\\x` wants two hexadecimal digits"),
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("a text is shorter than the 4 GiB that spans can number")
}
