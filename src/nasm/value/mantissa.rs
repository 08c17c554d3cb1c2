//! 192-bit fractions, the arithmetic in which nasm reads floating-point literals.
//!
//! nasm takes at most 52 significant digits, turns them into a binary fraction cut off after 192 bits, and multiplies
//! by powers of five that are cut off likewise.  A correctly rounded conversion differs from that in halfway
//! cases and in every directed rounding (`1.5` is 0.15·10, and 0.15 is cut off below), so equal bits need
//! the same steps; this is why no general library is used here.

use super::FloatError;

/// A binary fraction, most significant limb first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mantissa(pub(super) [u64; 3]);

/// `mantissa * 2^exponent`; the mantissa is zero or in 0.5..1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scaled {
    pub(super) mantissa: Mantissa,
    pub(super) exponent: i32,
    /// Digits beyond the 52nd were dropped.
    pub(super) too_long: bool,
}

/// nasm's `MANT_DIGITS`.
const MOST_DIGITS: usize = 52;

impl Mantissa {
    pub(super) const ZERO: Mantissa = Mantissa([0; 3]);
    /// How many bits there are.
    pub(super) const BITS: u32 = 192;

    pub(super) fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Bit `index`, the most significant being 0.
    pub(super) fn bit(self, index: u32) -> bool {
        self.0[(index / 64) as usize] >> (63 - index % 64) & 1 == 1
    }

    pub(super) fn set_bit(&mut self, index: u32) {
        self.0[(index / 64) as usize] |= 1 << (63 - index % 64);
    }

    pub(super) fn clear_bit(&mut self, index: u32) {
        self.0[(index / 64) as usize] &= !(1 << (63 - index % 64));
    }

    /// Ors `value` in, its most significant of `width` bits at bit `index`; what reaches past the end is lost.
    fn put(&mut self, index: u32, width: u32, value: u64) {
        for offset in (0..width).filter(|offset| value >> (width - 1 - offset) & 1 == 1) {
            if index + offset < Self::BITS {
                self.set_bit(index + offset);
            }
        }
    }

    pub(super) fn shift_right(self, count: u32) -> Self {
        if count >= Self::BITS {
            return Self::ZERO;
        }
        let (limbs, bits) = ((count / 64) as usize, count % 64);
        let limb = |index: usize| index.checked_sub(limbs).map_or(0, |from| self.0[from]);
        let carried = |index: usize| match index {
            0 => 0,
            _ if bits == 0 => 0,
            _ => limb(index - 1) << (64 - bits),
        };
        Mantissa([limb(0) >> bits, limb(1) >> bits | carried(1), limb(2) >> bits | carried(2)])
    }

    /// Whether any bit from `index` on is set.
    pub(super) fn any_from(self, index: u32) -> bool {
        (index..Self::BITS).any(|at| self.bit(at))
    }

    /// Adds one at bit `index`.
    pub(super) fn add_at(&mut self, index: u32) {
        let mut carry = 1 << (63 - index % 64);
        for limb in self.0[..=(index / 64) as usize].iter_mut().rev() {
            let (sum, over) = limb.overflowing_add(carry);
            *limb = sum;
            carry = u64::from(over);
        }
    }

    /// The product cut off after 192 bits, and 0 or -1: by how much the exponent moves to keep the top bit set.
    fn times(self, other: Mantissa) -> (Mantissa, i32) {
        let mut product = [0_u64; 6];
        for left in (0..3).rev() {
            let mut carry = 0_u128;
            for right in (0..3).rev() {
                let place = left + right + 1;
                let sum = u128::from(self.0[left]) * u128::from(other.0[right])
                    + u128::from(product[place])
                    + carry;
                product[place] = sum as u64;
                carry = sum >> 64;
            }
            product[left] = carry as u64;
        }
        if product[0] >> 63 == 1 {
            return (Mantissa([product[0], product[1], product[2]]), 0);
        }
        let shifted = |index: usize| product[index] << 1 | product[index + 1] >> 63;
        (Mantissa([shifted(0), shifted(1), shifted(2)]), -1)
    }
}

/// A decimal literal, without prefix: digits, at most one period, an exponent after `e`.
pub(super) fn decimal(text: &[u8]) -> Result<Scaled, FloatError> {
    let (significand, exponent) = match text.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e')) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let mut digits = Vec::with_capacity(MOST_DIGITS);
    let (mut seen_dot, mut started, mut too_long, mut ten_power) = (false, false, false, 0_i32);
    for &byte in significand.iter().filter(|&&byte| byte != b'_') {
        match byte {
            b'.' if seen_dot => return Err(FloatError::Periods),
            b'.' => seen_dot = true,
            b'0' if !started => ten_power -= i32::from(seen_dot),
            b'0'..=b'9' => {
                started = true;
                if digits.len() < MOST_DIGITS {
                    digits.push(byte - b'0');
                } else {
                    too_long = true;
                }
                ten_power = ten_power.saturating_add(i32::from(!seen_dot));
            }
            other => return Err(FloatError::Digit(other)),
        }
    }
    if let Some(exponent) = exponent {
        ten_power = ten_power.saturating_add(read_exponent(exponent, 5000)?);
    }
    let (mantissa, two_power) = binary_fraction(&mut digits);
    let (mantissa, moved) = times_power_of_five(mantissa, ten_power);
    let exponent = two_power.saturating_add(ten_power).saturating_add(moved);
    Ok(Scaled { mantissa, exponent, too_long })
}

/// 0.DIGITS as a fraction with its top bit set, and the exponent that goes with it.  Doubling the decimal fraction
/// carries out one binary digit at a time.
fn binary_fraction(digits: &mut Vec<u8>) -> (Mantissa, i32) {
    let mut mantissa = Mantissa::ZERO;
    let (mut index, mut two_power, mut started) = (0, 0, false);
    while index < Mantissa::BITS {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            break;
        }
        let mut carry = 0;
        for digit in digits.iter_mut().rev() {
            let doubled = *digit * 2 + carry;
            (*digit, carry) = (doubled % 10, doubled / 10);
        }
        if carry == 1 {
            mantissa.set_bit(index);
            started = true;
        }
        if started {
            index += 1;
        } else {
            two_power -= 1;
        }
    }
    (mantissa, two_power)
}

/// By repeated squaring, from 5 or from one fifth rounded up in its last place; and by how much the exponent moves.
fn times_power_of_five(mut mantissa: Mantissa, power: i32) -> (Mantissa, i32) {
    const FIFTH: u64 = 0xcccc_cccc_cccc_cccc;
    let (mut factor, mut factor_exponent) = match power {
        0 => return (mantissa, 0),
        1.. => (Mantissa([5 << 61, 0, 0]), 3_i32),
        // Only the last 32 bits are rounded up: 0xcccccccd.
        _ => (Mantissa([FIFTH, FIFTH, FIFTH + 1]), -2),
    };
    let mut moved = 0_i32;
    let mut left = power.unsigned_abs();
    while left != 0 {
        if left & 1 == 1 {
            let (product, shift) = mantissa.times(factor);
            mantissa = product;
            moved = moved.saturating_add(factor_exponent).saturating_add(shift);
        }
        let (square, shift) = factor.times(factor);
        factor = square;
        factor_exponent = factor_exponent.saturating_mul(2).saturating_add(shift);
        left >>= 1;
    }
    (mantissa, moved)
}

/// A literal in base 2, 8 or 16 (1, 3 or 4 bits a digit), with a binary exponent after `p`.
pub(super) fn power_of_two(text: &[u8], bits: u32) -> Result<Scaled, FloatError> {
    let mut mantissa = Mantissa::ZERO;
    let (mut index, mut exponent) = (0_u32, 0_i32);
    let (mut seen_dot, mut started) = (false, false);
    for (at, &byte) in text.iter().enumerate().filter(|(_, byte)| **byte != b'_') {
        let digit = char::from(byte).to_digit(1 << bits);
        match (byte, digit) {
            (b'.', _) if seen_dot => return Err(FloatError::Periods),
            (b'.', _) => seen_dot = true,
            (_, Some(0)) if !started => exponent -= bits as i32 * i32::from(seen_dot),
            (_, Some(digit)) => {
                let mut width = bits;
                if !started {
                    started = true;
                    width = 32 - digit.leading_zeros();
                    exponent = exponent.saturating_add_unsigned(width).saturating_sub_unsigned(bits);
                }
                mantissa.put(index, width, u64::from(digit));
                index = index.saturating_add(width).min(Mantissa::BITS);
                if !seen_dot {
                    exponent = exponent.saturating_add_unsigned(bits);
                }
            }
            (b'p' | b'P', None) => {
                exponent = exponent.saturating_add(read_exponent(&text[at + 1..], 20_000)?);
                break;
            }
            (other, None) => return Err(FloatError::Digit(other)),
        }
    }
    Ok(Scaled { mantissa, exponent: if started { exponent } else { 0 }, too_long: false })
}

/// Capped at `most`, which every format overflows or underflows to.
fn read_exponent(text: &[u8], most: i32) -> Result<i32, FloatError> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let mut exponent = 0_i32;
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        if !byte.is_ascii_digit() {
            return Err(FloatError::Digit(byte));
        }
        exponent = (exponent * 10 + i32::from(byte - b'0')).min(most);
    }
    Ok(if negative { -exponent } else { exponent })
}
