//! Expressions of integers alone, as most `%if` and `%assign` are: their value without asking the assembler.
//!
//! Precedence and signedness are nasmdoc 3.5's.  Whatever is not plainly an integer expression has no value here and
//! is left to the assembler's own parser, which also words the errors.

use crate::nasm::value::{character_constant, number, quote_end, unquote};

/// How deep parentheses and prefix operators may nest here.
const DEPTH: u32 = 64;

/// The value of the whole text; `None` when there is more to it than integers and operators.
pub(super) fn value(text: &[u8]) -> Option<i64> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let value = parser.conditional()?;
    parser.skip();
    (parser.at == text.len()).then_some(value)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
}

/// The binary operators, loosest first, as (text, level); longer ones before their prefixes.
const OPERATORS: [(&[u8], u8); 26] = [
    (b"<=>", 4),
    (b"<<<", 8),
    (b">>>", 8),
    (b"||", 1),
    (b"^^", 2),
    (b"&&", 3),
    (b"==", 4),
    (b"!=", 4),
    (b"<>", 4),
    (b"<=", 4),
    (b">=", 4),
    (b"<<", 8),
    (b">>", 8),
    (b"//", 10),
    (b"%%", 10),
    (b"=", 4),
    (b"<", 4),
    (b">", 4),
    (b"|", 5),
    (b"^", 6),
    (b"&", 7),
    (b"+", 9),
    (b"-", 9),
    (b"*", 10),
    (b"/", 10),
    (b"%", 10),
];

impl Parser<'_> {
    fn skip(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn conditional(&mut self) -> Option<i64> {
        let value = self.binary(1)?;
        self.skip();
        // `?:` is rare enough to be the assembler's.
        Some(value)
    }

    fn operator(&mut self) -> Option<(&'static [u8], u8)> {
        self.skip();
        let rest = &self.text[self.at..];
        OPERATORS.iter().find(|(operator, _)| rest.starts_with(operator)).copied()
    }

    fn binary(&mut self, lowest: u8) -> Option<i64> {
        let mut left = self.unary()?;
        while let Some((operator, level)) = self.operator() {
            if level < lowest {
                break;
            }
            self.at += operator.len();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<i64> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        self.skip();
        let value = match self.text.get(self.at)? {
            b'-' => self.prefixed()?.wrapping_neg(),
            b'+' => self.prefixed()?,
            b'~' => !self.prefixed()?,
            b'!' => i64::from(self.prefixed()? == 0),
            b'(' => {
                self.at += 1;
                let value = self.conditional()?;
                self.skip();
                (self.text.get(self.at) == Some(&b')')).then_some(())?;
                self.at += 1;
                value
            }
            b'0'..=b'9' => self.digits()?,
            b'$' if self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit) => self.digits()?,
            b'\'' | b'"' | b'`' => self.characters()?,
            _ => return None,
        };
        self.depth -= 1;
        Some(value)
    }

    fn prefixed(&mut self) -> Option<i64> {
        self.at += 1;
        self.unary()
    }

    fn digits(&mut self) -> Option<i64> {
        let rest = &self.text[self.at..];
        let length = rest
            .iter()
            .take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$'))
            .count();
        if length < 18 && rest[..length].iter().all(u8::is_ascii_digit) {
            self.at += length;
            return Some(rest[..length].iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')));
        }
        if rest[..length].contains(&b'.') {
            return None;
        }
        let parsed = number(&rest[..length]).ok()?;
        self.at += length;
        (!parsed.overflow).then_some(parsed.value as i64)
    }

    fn characters(&mut self) -> Option<i64> {
        let rest = &self.text[self.at..];
        let end = quote_end(rest)? + 1;
        let (value, fits) = character_constant(&unquote(&rest[..end]));
        self.at += end;
        fits.then_some(value as i64)
    }
}

/// Both operands are 64-bit numbers; division and modulo have an unsigned and a signed form.
fn apply(operator: &[u8], left: i64, right: i64) -> Option<i64> {
    let (x, y) = (left as u64, right as u64);
    Some(match operator {
        b"||" => i64::from(x != 0 || y != 0),
        b"^^" => i64::from((x != 0) != (y != 0)),
        b"&&" => i64::from(x != 0 && y != 0),
        b"=" | b"==" => i64::from(x == y),
        b"!=" | b"<>" => i64::from(x != y),
        b"<" => i64::from(left < right),
        b">" => i64::from(left > right),
        b"<=" => i64::from(left <= right),
        b">=" => i64::from(left >= right),
        // As in the assembler's expressions.
        b"<=>" => i64::from(left > right),
        b"|" => left | right,
        b"^" => left ^ right,
        b"&" => left & right,
        // A count of 64 or more is the assembler's to judge.
        b"<<" | b"<<<" if y < 64 => left << y,
        b">>" if y < 64 => (x >> y) as i64,
        b">>>" if y < 64 => left >> y,
        b"+" => left.wrapping_add(right),
        b"-" => left.wrapping_sub(right),
        b"*" => left.wrapping_mul(right),
        b"/" => x.checked_div(y)? as i64,
        b"%" => x.checked_rem(y)? as i64,
        b"//" => left.checked_div(right)?,
        b"%%" => left.checked_rem(right)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(value(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn precedence_and_signs() {
        check("1 + 2 * 3", Some(7));
        check("1 << 4 | 1", Some(17));
        check("-1 >> 60", Some(15));
        check("-7 // 2", Some(-3));
        check("'A' == 65 && 2 > 1", Some(1));
        check("(1+2)*-3", Some(-9));
        check("0x10 + 10h", Some(32));
        check("$1f + 1", Some(32));
        check("label", None);
        check("1/0", None);
        check("1.5", None);
        check("1 ? 2 : 3", None);
    }
}
