//! Pieces of rows, put behind each other in one buffer: a file of 100 MB has thirty million rows, and `format!` for
//! each of them would cost more than the decoding.

/// Hexadecimal digits, with zeroes in front up to a width.
pub(super) fn hex(row: &mut String, number: u64, width: usize) {
    let digits = (64 - number.leading_zeros() as usize).div_ceil(4).max(width).max(1);
    (0..digits).rev().for_each(|place| row.push(digit(number >> (4 * place.min(15)))));
}

/// Two digits and a space for each byte.
pub(super) fn bytes(row: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        row.push(digit(u64::from(byte >> 4)));
        row.push(digit(u64::from(byte)));
        row.push(' ');
    }
}

fn digit(number: u64) -> char {
    char::from(b"0123456789abcdef"[(number & 15) as usize])
}

/// Decimal digits.
pub(super) fn decimal(row: &mut String, number: u64) {
    if number >= 10 {
        decimal(row, number / 10);
    }
    row.push(char::from(b'0' + (number % 10) as u8));
}

/// Spaces until what began at `from` is so many characters wide.
pub(super) fn pad(row: &mut String, from: usize, width: usize) {
    let part = row.get(from..).unwrap_or_default();
    let used = if part.is_ascii() { part.len() } else { part.chars().count() };
    (used..width).for_each(|_| row.push(' '));
}

/// Takes the spaces off the end.
pub(super) fn trim(row: &mut String, from: usize) {
    let kept = row.get(from..).unwrap_or_default().trim_end().len();
    row.truncate(from + kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_those_of_format() {
        for number in [0, 9, 10, 0xabc, 0x1234_5678, u64::MAX] {
            let mut row = String::new();
            hex(&mut row, number, 8);
            row.push(' ');
            decimal(&mut row, number);
            assert_eq!(row, format!("{number:08x} {number}"));
        }
        let mut row = String::from("a");
        bytes(&mut row, &[0, 0x7f, 0xc3]);
        pad(&mut row, 1, 12);
        row.push('ü');
        pad(&mut row, 13, 3);
        assert_eq!(row, "a00 7f c3    ü  ");
        trim(&mut row, 13);
        assert_eq!(row, "a00 7f c3    ü");
    }
}
