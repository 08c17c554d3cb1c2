//! A template's parameters: what they may be, and how a word of the command line becomes a value.

use std::fmt::Write as _;
use std::net::IpAddr;

/// What values a parameter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number in these bounds, both included.
    Int {
        /// The lowest.
        low: i64,
        /// The highest.
        high: i64,
    },
    /// Any bytes but NUL.
    String,
    /// Any bytes but NUL, with a newline behind them; the command line offers `-n` to leave it out.
    Line,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A port, 1 to 65535.
    Port,
    /// A system call by name or number, which a script takes as its number.
    Syscall,
    /// A number, constants of the system, or text, which a script takes as its address.
    Word,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, also a port.
    Int(i64),
    /// Text, complete: a line's newline is in it.
    Bytes(Vec<u8>),
    /// An address.
    Ip(IpAddr),
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the template.
    pub name: String,
    /// Given as `--NAME VALUE`, not by its place.
    pub option: bool,
    /// What it takes.
    pub kind: Kind,
    /// Its value when none is given.
    pub default: Option<Value>,
    /// One line for `--help`.
    pub help: String,
}

/// Why a word is no value for a parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not a number at all.
    #[error("`{0}` is no number (decimal, or hexadecimal as 0x2a)")]
    NotANumber(String),
    /// A number that is too low or too high.
    #[error("{word} is out of range: {low}-{high}")]
    Range {
        /// As written.
        word: String,
        /// The lowest allowed.
        low: i64,
        /// The highest allowed.
        high: i64,
    },
    /// Not an address.
    #[error("`{0}` is no IPv4 or IPv6 address")]
    NotAnAddress(String),
    /// A NUL byte, which ends strings for the kernel.
    #[error("a NUL byte cannot be part of a string")]
    Nul,
}

impl Kind {
    /// The value that a word of the command line stands for.
    ///
    /// # Errors
    /// When the word is no such value.
    pub fn value(&self, word: &[u8]) -> Result<Value, ValueError> {
        match self {
            Kind::Int { low, high } => integer(word, *low, *high),
            Kind::Port => integer(word, 1, 65535),
            Kind::String | Kind::Line | Kind::Syscall | Kind::Word if word.contains(&0) => {
                Err(ValueError::Nul)
            }
            Kind::String | Kind::Syscall | Kind::Word => Ok(Value::Bytes(word.to_vec())),
            Kind::Line => Ok(Value::Bytes([word, b"\n"].concat())),
            Kind::Ip => {
                let text = String::from_utf8_lossy(word);
                text.parse().map(Value::Ip).map_err(|_| ValueError::NotAnAddress(text.into_owned()))
            }
        }
    }
}

fn integer(word: &[u8], low: i64, high: i64) -> Result<Value, ValueError> {
    let text = String::from_utf8_lossy(word).into_owned();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(rest) => (16, rest),
        None => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(ValueError::NotANumber(text));
    }
    // Longer than an i128 is out of every range, too.
    let magnitude = i128::from_str_radix(digits, radix).unwrap_or(i128::MAX);
    let number = if negative { -magnitude } else { magnitude };
    match i64::try_from(number) {
        Ok(number) if (low..=high).contains(&number) => Ok(Value::Int(number)),
        _ => Err(ValueError::Range { word: text, low, high }),
    }
}

impl Value {
    /// As a script takes it: the word itself.
    pub fn as_word(&self) -> Vec<u8> {
        match self {
            Value::Int(number) => number.to_string().into_bytes(),
            Value::Bytes(bytes) => bytes.clone(),
            Value::Ip(address) => address.to_string().into_bytes(),
        }
    }

    /// As NASM source writes it: a number, or a string in backquotes.
    pub fn as_nasm(&self) -> String {
        match self {
            Value::Int(number) => number.to_string(),
            Value::Bytes(bytes) => quoted(bytes),
            Value::Ip(IpAddr::V4(address)) => list(&address.octets()),
            Value::Ip(IpAddr::V6(address)) => list(&address.octets()),
        }
    }
}

fn list(bytes: &[u8]) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

/// A string in backquotes, the only kind with escapes (nasmdoc 3.4.2).
fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("`");
    for &byte in bytes {
        match byte {
            b'`' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02X}");
            }
        }
    }
    out.push('`');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_number_from_0_to_255() {
        let kind = Kind::Int { low: 0, high: 255 };
        let check = |word: &str, expected: Result<i64, &str>| {
            let value = kind.value(word.as_bytes()).map_err(|error| error.to_string());
            assert_eq!(value, expected.map(Value::Int).map_err(str::to_owned), "{word}");
        };
        check("0", Ok(0));
        check("255", Ok(255));
        check("0x2a", Ok(42));
        check("256", Err("256 is out of range: 0-255"));
        check("-1", Err("-1 is out of range: 0-255"));
        check("99999999999999999999", Err("99999999999999999999 is out of range: 0-255"));
        check("2a", Err("`2a` is no number (decimal, or hexadecimal as 0x2a)"));
        check("", Err("`` is no number (decimal, or hexadecimal as 0x2a)"));
        check("0x", Err("`0x` is no number (decimal, or hexadecimal as 0x2a)"));
    }

    #[test]
    fn other_kinds_say_what_they_take() {
        assert_eq!(Kind::Line.value(b"hi"), Ok(Value::Bytes(b"hi\n".to_vec())));
        assert_eq!(Kind::String.value(b"a\0b"), Err(ValueError::Nul));
        assert_eq!(Kind::Port.value(b"65536").unwrap_err().to_string(), "65536 is out of range: 1-65535");
        assert_eq!(Kind::Ip.value(b"127.0.0.1").unwrap().as_nasm(), "127,0,0,1");
        assert!(Kind::Ip.value(b"localhost").is_err());
    }
}
