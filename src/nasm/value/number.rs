//! Integer literals in every notation (nasmdoc 3.4.1).

/// A 64-bit value as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The value modulo 2^64.
    pub value: u64,
    /// Whether the digits say more than 64 bits: nasm's `number-overflow`.
    pub overflow: bool,
}

/// Why a token that begins with a digit is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// No digits at all.
    #[error("no digits")]
    Empty,
    /// A character that the radix does not have.
    #[error("`{}` is no digit in base {radix}", char::from(*.byte))]
    Digit {
        /// The character.
        byte: u8,
        /// 2, 8, 10 or 16.
        radix: u8,
    },
}

/// The radix that a prefix (`0x`) or suffix (`h`) letter stands for.
fn radix_letter(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'b' | b'y' => 2,
        b'o' | b'q' => 8,
        b'h' | b'x' => 16,
        b'd' | b't' => 10,
        _ => 0,
    }
}

/// The value of an integer token: `0RADIX…`, `$…` or `…RADIX`, with `_` anywhere between.
///
/// A token may bear both a prefix and a suffix letter (`0b1h`, `0d1h`): the larger radix wins and the other
/// letter is a digit.
///
/// # Errors
/// A character that is no digit of the radix.
pub fn number(token: &[u8]) -> Result<Number, NumberError> {
    let (prefix_radix, prefix) = match token {
        [b'0', letter, _, ..] if radix_letter(*letter) != 0 => (radix_letter(*letter), 2),
        [b'$', _, ..] => (16, 1),
        _ => (0, 0),
    };
    let suffix_radix = match token {
        [_, .., letter] => radix_letter(*letter),
        _ => 0,
    };
    let (digits, radix) = if prefix_radix > suffix_radix {
        (&token[prefix..], prefix_radix)
    } else if suffix_radix > prefix_radix {
        (&token[..token.len() - 1], suffix_radix)
    } else {
        (token, 10)
    };
    if digits.is_empty() {
        return Err(NumberError::Empty);
    }
    let mut out = Number { value: 0, overflow: false };
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        let digit = char::from(byte).to_digit(u32::from(radix)).ok_or(NumberError::Digit { byte, radix })?;
        let exact = u128::from(out.value) * u128::from(radix) + u128::from(digit);
        out.overflow |= exact > u128::from(u64::MAX);
        out.value = exact as u64;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(token: &str, expected: Option<u64>) {
        assert_eq!(number(token.as_bytes()).ok().map(|number| number.value), expected, "{token}");
    }

    #[test]
    fn every_notation_has_its_value() {
        // nasmdoc 3.4.1, and `dq` under nasm.
        for token in [
            "200",
            "0200",
            "0200d",
            "0d200",
            "0c8h",
            "$0c8",
            "0xc8",
            "0hc8",
            "310q",
            "310o",
            "0o310",
            "0q310",
            "11001000b",
            "1100_1000b",
            "1100_1000y",
            "0b1100_1000",
            "0y1100_1000",
            "0t200",
            "200t",
            "0c8X",
        ] {
            check(token, Some(200));
        }
        check("0b1h", Some(0xb1));
        check("0d1h", Some(0xd1));
        check("0xd", Some(13));
        check("12ab", None);
        check("0b12", None);
        check("9o", None);
    }

    #[test]
    fn digits_beyond_64_bits_are_reported() {
        assert_eq!(number(b"0x1_0000_0000_0000_0001"), Ok(Number { value: 1, overflow: true }));
        assert_eq!(number(b"18446744073709551615"), Ok(Number { value: u64::MAX, overflow: false }));
    }
}
