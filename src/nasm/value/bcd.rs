//! Packed binary-coded decimal (`1234p`, `0p1234`) as the x87's `fbld` reads it: 18 digits, two in a byte, the least
//! significant first, then a byte whose top bit is the sign.

use super::FloatError;

/// Ten bytes; and whether digits beyond the eighteenth were dropped.
pub(super) fn packed(digits: &[u8], negative: bool) -> Result<([u8; 10], bool), FloatError> {
    let mut out = [0; 10];
    let mut count = 0;
    for &byte in digits.iter().rev().filter(|&&byte| byte != b'_') {
        if !byte.is_ascii_digit() {
            return Err(FloatError::Digit(byte));
        }
        if let Some(place) = out[..9].get_mut(count / 2) {
            *place |= (byte - b'0') << (count % 2 * 4);
        }
        count += 1;
    }
    out[9] = u8::from(negative) << 7;
    Ok((out, count > 18))
}
