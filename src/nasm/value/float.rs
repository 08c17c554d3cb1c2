//! Floating-point literals to the bits of a format, rounded exactly as nasm rounds (nasmdoc 3.4.6).

use super::bcd;
use super::mantissa::{Mantissa, Scaled, decimal, power_of_two};

/// A format; sizes in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatFormat {
    /// 1 sign, 4 exponent, 3 fraction.
    F8,
    /// IEEE 754 half.
    F16,
    /// The upper half of a single.
    B16,
    /// IEEE 754 single.
    F32,
    /// IEEE 754 double.
    F64,
    /// x87 extended, with an explicit integer bit.
    F80,
    /// IEEE 754 quadruple.
    F128,
}

impl FloatFormat {
    /// What `db`, `dw`, `dd`, `dq`, `dt` and `do` write, by the element's size in bytes.
    pub fn of_size(bytes: u8) -> Option<Self> {
        Some(match bytes {
            1 => FloatFormat::F8,
            2 => FloatFormat::F16,
            4 => FloatFormat::F32,
            8 => FloatFormat::F64,
            10 => FloatFormat::F80,
            16 => FloatFormat::F128,
            _ => return None,
        })
    }

    /// How many bytes it has.
    pub fn bytes(self) -> usize {
        match self {
            FloatFormat::F8 => 1,
            FloatFormat::F16 | FloatFormat::B16 => 2,
            FloatFormat::F32 => 4,
            FloatFormat::F64 => 8,
            FloatFormat::F80 => 10,
            FloatFormat::F128 => 16,
        }
    }

    /// Its largest number, for messages.
    pub fn largest(self) -> &'static str {
        match self {
            FloatFormat::F8 => "240",
            FloatFormat::F16 => "65504",
            FloatFormat::B16 => "3.39e38",
            FloatFormat::F32 => "3.4028235e38",
            FloatFormat::F64 => "1.7976931348623157e308",
            FloatFormat::F80 | FloatFormat::F128 => "1.1897315e4932",
        }
    }

    fn exponent_bits(self) -> u32 {
        match self {
            FloatFormat::F8 => 4,
            FloatFormat::F16 => 5,
            FloatFormat::B16 | FloatFormat::F32 => 8,
            FloatFormat::F64 => 11,
            FloatFormat::F80 | FloatFormat::F128 => 15,
        }
    }

    /// Bits of the fraction, without the integer bit.
    fn fraction_bits(self) -> u32 {
        match self {
            FloatFormat::F8 => 3,
            FloatFormat::F16 => 10,
            FloatFormat::B16 => 7,
            FloatFormat::F32 => 23,
            FloatFormat::F64 => 52,
            FloatFormat::F80 => 63,
            FloatFormat::F128 => 112,
        }
    }

    /// Whether the integer bit is stored.
    fn explicit(self) -> bool {
        self == FloatFormat::F80
    }
}

/// `float near`, `float up` …
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To nearest, ties to even.
    #[default]
    Near,
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
    /// Towards zero.
    Zero,
}

/// What the directive `float` sets (nasmdoc 7.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FloatMode {
    /// How to round.
    pub rounding: Rounding,
    /// `daz`: denormals become zero.
    pub denormals_are_zero: bool,
}

impl FloatMode {
    /// Applies one word of `float`; false for an unknown one.
    pub fn set(&mut self, option: &[u8]) -> bool {
        match option.to_ascii_lowercase().as_slice() {
            b"daz" => self.denormals_are_zero = true,
            b"nodaz" => self.denormals_are_zero = false,
            b"near" => self.rounding = Rounding::Near,
            b"down" => self.rounding = Rounding::Down,
            b"up" => self.rounding = Rounding::Up,
            b"zero" => self.rounding = Rounding::Zero,
            b"default" => *self = Self::default(),
            _ => return false,
        }
        true
    }
}

/// Why a token is no floating-point literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FloatError {
    /// A character that does not belong.
    #[error("invalid character in floating-point constant: `{}`", char::from(*.0))]
    Digit(u8),
    /// More than one.
    #[error("too many periods in floating-point constant")]
    Periods,
    /// `1234p` elsewhere than in `dt`.
    #[error("packed BCD requires an 80-bit format")]
    BcdSize,
}

/// The bits, and what is to be said about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Float {
    bytes: [u8; 16],
    length: usize,
    /// A warning's class and text: `float-overflow`, `float-underflow`, `float-denorm`, `float-toolong`.
    pub warning: Option<(&'static str, &'static str)>,
}

impl Float {
    /// The bytes, least significant first, as many as the format has.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Reads a literal: decimal, `0x` `0h` `$` `0o` `0q` `0b` `0y` with binary exponents, `__?Infinity?__` and the
    /// NaNs, and packed decimal for `dt`.
    ///
    /// # Errors
    /// Text that is none of these.
    pub fn parse(
        text: &[u8],
        negative: bool,
        format: FloatFormat,
        mode: FloatMode,
    ) -> Result<Float, FloatError> {
        if let Some(digits) = bcd_digits(text) {
            if format != FloatFormat::F80 {
                return Err(FloatError::BcdSize);
            }
            let (packed, cut) = bcd::packed(digits, negative)?;
            let mut bytes = [0; 16];
            bytes[..10].copy_from_slice(&packed);
            let warning = cut.then_some(("other", "packed BCD truncated to 18 digits"));
            return Ok(Float { bytes, length: 10, warning });
        }
        if let [b'_', b'_', b'?', kind, ..] = text {
            let special = match kind.to_ascii_lowercase() {
                b'i' => infinity(format),
                b's' => not_a_number(format, format.fraction_bits()),
                _ => not_a_number(format, 1),
            };
            return Ok(finish(special, negative, format, None));
        }
        let scaled = scan(text)?;
        let (bits, warning) = round_to(scaled, negative, format, mode);
        let too_long = scaled
            .too_long
            .then_some(("float-toolong", "floating-point constant significand contains more than 52 digits"));
        Ok(finish(bits, negative, format, warning.or(too_long)))
    }
}

fn bcd_digits(text: &[u8]) -> Option<&[u8]> {
    match text {
        [digits @ .., b'p' | b'P'] => Some(digits),
        [b'0', b'p' | b'P', digits @ ..] => Some(digits),
        _ => None,
    }
}

fn scan(text: &[u8]) -> Result<Scaled, FloatError> {
    match text {
        [b'0', letter, rest @ ..] => match letter.to_ascii_lowercase() {
            b'x' | b'h' => power_of_two(rest, 4),
            b'o' | b'q' => power_of_two(rest, 3),
            b'b' | b'y' => power_of_two(rest, 1),
            b'd' | b't' => decimal(rest),
            _ => decimal(text),
        },
        [b'$', rest @ ..] => power_of_two(rest, 4),
        _ => decimal(text),
    }
}

/// Index of the integer bit; in formats that do not store it, it lies on the exponent's last bit and is removed.
fn integer_bit(format: FloatFormat) -> u32 {
    format.exponent_bits() + u32::from(format.explicit())
}

fn infinity(format: FloatFormat) -> Mantissa {
    let mut bits = Mantissa::ZERO;
    (1..=format.exponent_bits()).for_each(|index| bits.set_bit(index));
    if format.explicit() {
        bits.set_bit(integer_bit(format));
    }
    bits
}

/// A NaN whose fraction has the one bit `place`, counted from 1.
fn not_a_number(format: FloatFormat, place: u32) -> Mantissa {
    let mut bits = infinity(format);
    bits.set_bit(integer_bit(format) + place);
    bits
}

type Warning = Option<(&'static str, &'static str)>;

const OVERFLOW: Warning = Some(("float-overflow", "overflow in floating-point constant"));

fn round_to(scaled: Scaled, negative: bool, format: FloatFormat, mode: FloatMode) -> (Mantissa, Warning) {
    if scaled.mantissa.is_zero() {
        return (Mantissa::ZERO, None);
    }
    let largest = 1_i32 << (format.exponent_bits() - 1);
    // The mantissa is in 0.5..1; the formats' is in 1..2.
    let exponent = scaled.exponent.saturating_sub(1);
    if (2 - largest..=largest).contains(&exponent) {
        return normal(scaled.mantissa, exponent + largest - 1, negative, format, mode);
    }
    if exponent > 0 {
        return (infinity(format), OVERFLOW);
    }
    let shift = format.exponent_bits() as i32 + 2 - largest - exponent + i32::from(format.explicit());
    denormal(scaled.mantissa.shift_right(shift.unsigned_abs()), negative, format, mode)
}

fn normal(
    mantissa: Mantissa,
    mut biased: i32,
    negative: bool,
    format: FloatFormat,
    mode: FloatMode,
) -> (Mantissa, Warning) {
    let integer = integer_bit(format);
    let mut bits = mantissa.shift_right(integer);
    round(&mut bits, negative, format, mode);
    if bits.bit(integer - 1) {
        bits = bits.shift_right(1);
        biased += 1;
        if biased >= (1 << format.exponent_bits()) - 1 {
            return (infinity(format), OVERFLOW);
        }
    }
    if !format.explicit() {
        bits.clear_bit(integer);
    }
    put_exponent(&mut bits, biased, format);
    (bits, None)
}

fn denormal(mut bits: Mantissa, negative: bool, format: FloatFormat, mode: FloatMode) -> (Mantissa, Warning) {
    round(&mut bits, negative, format, mode);
    let integer = integer_bit(format);
    if bits.bit(integer) {
        // Rounded up to the smallest normal number.
        if !format.explicit() {
            bits.clear_bit(integer);
        }
        put_exponent(&mut bits, 1, format);
        return (bits, None);
    }
    if mode.denormals_are_zero || bits.is_zero() {
        return (Mantissa::ZERO, Some(("float-underflow", "underflow in floating-point constant")));
    }
    (bits, Some(("float-denorm", "denormal floating-point constant")))
}

fn put_exponent(bits: &mut Mantissa, biased: i32, format: FloatFormat) {
    bits.0[0] |= u64::from(biased.unsigned_abs()) << (63 - format.exponent_bits());
}

/// Rounds after the format's last bit.  nasm's directed modes look at all the bits that are cut off, yet add one at
/// the first of them, so a value is moved only when that bit is set; the bytes are what counts here.
fn round(bits: &mut Mantissa, negative: bool, format: FloatFormat, mode: FloatMode) {
    let half = format.bytes() as u32 * 8;
    let away = match mode.rounding {
        Rounding::Near => bits.bit(half) && (bits.any_from(half + 1) || bits.bit(half - 1)),
        Rounding::Zero => false,
        Rounding::Up => !negative && bits.any_from(half),
        Rounding::Down => negative && bits.any_from(half),
    };
    for index in half + 1..Mantissa::BITS {
        bits.clear_bit(index);
    }
    if away {
        bits.add_at(half);
    }
}

fn finish(mut bits: Mantissa, negative: bool, format: FloatFormat, warning: Warning) -> Float {
    if negative {
        bits.set_bit(0);
    }
    let length = format.bytes();
    let mut bytes = [0; 16];
    for (place, byte) in bytes[..length].iter_mut().enumerate() {
        let index = length - 1 - place;
        *byte = (bits.0[index / 8] >> (56 - index % 8 * 8)) as u8;
    }
    Float { bytes, length, warning }
}

/// `__?float32?__(1.5)` and its kin: the bits of a literal as an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FloatFunction {
    format: FloatFormat,
    /// Where the 64 bits lie in the bytes: the halves of the formats that are wider.
    offset: usize,
}

impl FloatFunction {
    /// The function that a keyword names, in any case, in the new form (`__?float32?__`).
    pub fn from_name(name: &[u8]) -> Option<Self> {
        let (format, offset) = match name.to_ascii_lowercase().as_slice() {
            b"__?float8?__" => (FloatFormat::F8, 0),
            b"__?float16?__" => (FloatFormat::F16, 0),
            b"__?bfloat16?__" => (FloatFormat::B16, 0),
            b"__?float32?__" => (FloatFormat::F32, 0),
            b"__?float64?__" => (FloatFormat::F64, 0),
            b"__?float80m?__" => (FloatFormat::F80, 0),
            b"__?float80e?__" => (FloatFormat::F80, 8),
            b"__?float128l?__" => (FloatFormat::F128, 0),
            b"__?float128h?__" => (FloatFormat::F128, 8),
            _ => return None,
        };
        Some(FloatFunction { format, offset })
    }

    /// The value for a literal, with what [`Float::parse`] has to say.
    ///
    /// # Errors
    /// As [`Float::parse`].
    pub fn apply(self, text: &[u8], negative: bool, mode: FloatMode) -> Result<(i64, Float), FloatError> {
        let float = Float::parse(text, negative, self.format, mode)?;
        let part = &float.as_slice()[self.offset..];
        let value = part.iter().take(8).rev().fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
        Ok((value as i64, float))
    }
}
