//! Mnemonics: NASM's names, its aliases and pseudo-operations, and the newer ones that the encoder knows.

use super::form::Form;
use super::tables::{FORMS, GROUPS, NAMES, SLOTS};

/// The longest mnemonic there is, in bytes.
const LONGEST: usize = 24;

/// As [`mnemonic`], for a name of at most eight bytes whose letters are known as one little-endian number with the
/// case bit (20h) set in each; a longer name has any `folded`.
#[inline]
pub fn mnemonic_folded(name: &[u8], folded: u64) -> Option<u16> {
    // An underscore has no case, but the bit.
    if name.len() > 8 || name.contains(&b'_') {
        return mnemonic(name);
    }
    let mut slot = mix(folded);
    loop {
        let index = SLOTS[slot];
        let candidate = *FOLDED.get(usize::from(index))?;
        if candidate == folded {
            return Some(index);
        }
        slot = (slot + 1) % SLOTS.len();
    }
}

/// The names of at most eight letters as [`mnemonic_folded`] compares them; 0 for longer ones.
static FOLDED: [u64; NAMES.len()] = {
    let mut table = [0; NAMES.len()];
    let mut index = 0;
    while index < NAMES.len() {
        let name = NAMES[index].as_bytes();
        let mut at = if name.len() > 8 { 0 } else { name.len() };
        while at > 0 {
            at -= 1;
            table[index] = table[index] << 8 | name[at] as u64;
        }
        index += 1;
    }
    table
};

/// The number of a mnemonic in any case; `None` if there is no such instruction.
pub fn mnemonic(name: &[u8]) -> Option<u16> {
    let mut lower = [0u8; LONGEST];
    let lower = lower.get_mut(..name.len())?;
    for (to, from) in lower.iter_mut().zip(name) {
        *to = from.to_ascii_lowercase();
    }
    let mut slot = hash(lower);
    loop {
        let index = SLOTS[slot];
        let candidate = NAMES.get(usize::from(index))?;
        if candidate.as_bytes() == lower {
            return Some(index);
        }
        slot = (slot + 1) % SLOTS.len();
    }
}

/// The generator in `tests/isa_tables` fills the slots by the same function.
fn hash(name: &[u8]) -> usize {
    let mut words = [0u64; 2];
    for (at, byte) in name.iter().take(16).enumerate() {
        words[at / 8] |= u64::from(*byte) << (at % 8 * 8);
    }
    mix(words[0] ^ words[1].rotate_left(29))
}

#[inline]
fn mix(words: u64) -> usize {
    (words.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize % SLOTS.len()
}

/// How the mnemonic with this number is spelt, in lower case; empty for a number that there is not.
pub fn mnemonic_name(number: u16) -> &'static str {
    NAMES.get(usize::from(number)).copied().unwrap_or("")
}

/// All mnemonics in alphabetical order; the position is the number.
pub fn mnemonics() -> &'static [&'static str] {
    &NAMES
}

/// The forms of a mnemonic with `count` operands, in the order in which they are tried.
pub(super) fn forms(number: u16, count: usize) -> &'static [Form] {
    let Some(group) = GROUPS.get(usize::from(number)) else { return &[] };
    match (group.get(count), group.get(count + 1)) {
        (Some(start), Some(end)) => FORMS.get(usize::from(*start)..usize::from(*end)).unwrap_or(&[]),
        _ => &[],
    }
}

/// Every form of a mnemonic, by operand count.
pub(super) fn all_forms(number: u16) -> &'static [Form] {
    let Some(group) = GROUPS.get(usize::from(number)) else { return &[] };
    FORMS.get(usize::from(group[0])..usize::from(group[6])).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_any_case() {
        for (index, name) in NAMES.iter().enumerate() {
            assert!(name.len() <= LONGEST, "{name}");
            assert_eq!(mnemonic(name.as_bytes()), u16::try_from(index).ok());
            assert_eq!(mnemonic(name.to_uppercase().as_bytes()), u16::try_from(index).ok());
            let folded = name.bytes().rev().fold(0, |folded, byte| folded << 8 | u64::from(byte | 0x20));
            assert_eq!(mnemonic_folded(name.as_bytes(), folded), u16::try_from(index).ok());
        }
        assert_eq!(mnemonic(b"movv"), None);
        assert_eq!(mnemonic(b""), None);
        assert_eq!(mnemonic(&[b'x'; 100]), None);
        assert_eq!(mnemonic_name(u16::MAX), "");
    }
}
