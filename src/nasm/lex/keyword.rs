//! Words with a meaning of their own, besides registers and mnemonics; found without regard to case.
//!
//! A word of at most eight bytes is compared as one number, its bytes with the case bit set.  The table is built by
//! the compiler: nothing is prepared at start-up.

use crate::isa::x86::{Distance, REGISTER_NAMES, Register, Size};

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Size(Size),
    Distance(Distance),
    Strict,
    To,
    Nosplit,
    Rel,
    Abs,
    Seg,
    Wrt,
    Dup,
    Prefix(Prefix),
    Times,
    Equ,
    /// `db` and its kin, by the size of an element.
    Define(u8),
    /// `resb` and its kin, by the size of an element.
    Reserve(u8),
    Incbin,
    Directive(Directive),
    Register(Register),
}

/// A word before a mnemonic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    Lock,
    Rep,
    Repne,
    Xacquire,
    Xrelease,
    Bnd,
    Nobnd,
    Notrack,
    Wait,
    Address(Size),
    Operand(Size),
    /// `asp` and `osp`: the size that is not the mode's own.
    OtherAddress,
    OtherOperand,
}

/// A directive, in its bracketed or its plain form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directive {
    Section,
    Absolute,
    Align,
    Alignb,
    Nopalign,
    Sectalign,
    Bits,
    Use16,
    Use32,
    Use64,
    Common,
    Pragma,
    Cpu,
    Default,
    Extern,
    Float,
    Global,
    Debug,
    List,
    Map,
    Org,
    Osabi,
    Required,
    Static,
    Warning,
}

impl Directive {
    /// Whether it may stand without brackets; a word that may not is an ordinary name there.
    pub(crate) fn is_a_statement(self) -> bool {
        !matches!(
            self,
            Directive::Debug
                | Directive::List
                | Directive::Map
                | Directive::Nopalign
                | Directive::Pragma
                | Directive::Warning
        )
    }

    /// Whether it may stand in brackets: some directives are macros alone in nasm.
    pub(crate) fn is_bracketed(self) -> bool {
        !matches!(
            self,
            Directive::Align | Directive::Alignb | Directive::Use16 | Directive::Use32 | Directive::Use64
        )
    }

    /// Whether nothing may stand behind it.
    pub(crate) fn stands_alone(self) -> bool {
        matches!(self, Directive::Use16 | Directive::Use32 | Directive::Use64)
    }

    /// How many macro calls nasm makes of it outside of brackets: they count for the names of local labels.
    pub(crate) fn macro_calls(self) -> u64 {
        match self {
            // Both call `sectalign`.
            Directive::Align | Directive::Alignb => 2,
            _ => 1,
        }
    }
}

/// The bytes of a word as one number, letters in lower case; 0 when it is longer than eight bytes and is not the one
/// long keyword, `sectalign`, which has the number 1.
pub(crate) fn key(word: &[u8]) -> u64 {
    if word.len() > 8 {
        return u64::from(word.eq_ignore_ascii_case(b"sectalign"));
    }
    if word.is_empty() {
        return 0;
    }
    let mut bytes = [0; 8];
    bytes[..word.len()].copy_from_slice(word);
    fold(u64::from_le_bytes(bytes), word.len())
}

/// The case bit set in the first `length` bytes.
#[inline]
pub(crate) fn fold(bytes: u64, length: usize) -> u64 {
    (bytes | 0x2020_2020_2020_2020) & (u64::MAX >> (64 - 8 * length as u32))
}

const BITS: u32 = 10;
const SLOTS: usize = 1 << BITS;

const fn slot(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}

/// The meaning of a word, by its [`key`].
#[inline]
pub(crate) fn keyword(key: u64) -> Option<Keyword> {
    let mut at = slot(key);
    loop {
        match TABLE[at] {
            (found, word) if found == key => return word,
            (0, _) => return None,
            _ => at = (at + 1) & (SLOTS - 1),
        }
    }
}

static TABLE: [(u64, Option<Keyword>); SLOTS] = build();

const fn build() -> [(u64, Option<Keyword>); SLOTS] {
    let mut table = [(0, None); SLOTS];
    let mut index = 0;
    while index < WORDS.len() {
        let (word, meaning) = WORDS[index];
        enter(&mut table, word, meaning);
        index += 1;
    }
    index = 1;
    while index < REGISTER_NAMES.len() {
        let register = Register(index as u8);
        // The instruction pointers are registers of the decoder, not of the language.
        if register.is_written() {
            enter(&mut table, REGISTER_NAMES[index], Keyword::Register(register));
        }
        index += 1;
    }
    table
}

const fn enter(table: &mut [(u64, Option<Keyword>); SLOTS], word: &str, meaning: Keyword) {
    let bytes = word.as_bytes();
    let (mut key, mut place) = (0, bytes.len());
    if place > 8 {
        (key, place) = (1, 0);
    }
    while place > 0 {
        place -= 1;
        key = key << 8 | bytes[place] as u64;
    }
    let mut at = slot(key);
    while table[at].0 != 0 {
        at = (at + 1) & (SLOTS - 1);
    }
    table[at] = (key, Some(meaning));
}

const WORDS: &[(&str, Keyword)] = &[
    ("byte", Keyword::Size(Size::Byte)),
    ("word", Keyword::Size(Size::Word)),
    ("dword", Keyword::Size(Size::Dword)),
    ("long", Keyword::Size(Size::Dword)),
    ("qword", Keyword::Size(Size::Qword)),
    ("tword", Keyword::Size(Size::Tword)),
    ("oword", Keyword::Size(Size::Oword)),
    ("yword", Keyword::Size(Size::Yword)),
    ("zword", Keyword::Size(Size::Zword)),
    ("short", Keyword::Distance(Distance::Short)),
    ("near", Keyword::Distance(Distance::Near)),
    ("far", Keyword::Distance(Distance::Far)),
    ("strict", Keyword::Strict),
    ("to", Keyword::To),
    ("nosplit", Keyword::Nosplit),
    ("rel", Keyword::Rel),
    ("abs", Keyword::Abs),
    ("seg", Keyword::Seg),
    ("wrt", Keyword::Wrt),
    ("dup", Keyword::Dup),
    ("lock", Keyword::Prefix(Prefix::Lock)),
    ("rep", Keyword::Prefix(Prefix::Rep)),
    ("repe", Keyword::Prefix(Prefix::Rep)),
    ("repz", Keyword::Prefix(Prefix::Rep)),
    ("repne", Keyword::Prefix(Prefix::Repne)),
    ("repnz", Keyword::Prefix(Prefix::Repne)),
    ("xacquire", Keyword::Prefix(Prefix::Xacquire)),
    ("xrelease", Keyword::Prefix(Prefix::Xrelease)),
    ("bnd", Keyword::Prefix(Prefix::Bnd)),
    ("nobnd", Keyword::Prefix(Prefix::Nobnd)),
    ("notrack", Keyword::Prefix(Prefix::Notrack)),
    ("wait", Keyword::Prefix(Prefix::Wait)),
    ("a16", Keyword::Prefix(Prefix::Address(Size::Word))),
    ("a32", Keyword::Prefix(Prefix::Address(Size::Dword))),
    ("a64", Keyword::Prefix(Prefix::Address(Size::Qword))),
    ("o16", Keyword::Prefix(Prefix::Operand(Size::Word))),
    ("o32", Keyword::Prefix(Prefix::Operand(Size::Dword))),
    ("o64", Keyword::Prefix(Prefix::Operand(Size::Qword))),
    ("asp", Keyword::Prefix(Prefix::OtherAddress)),
    ("osp", Keyword::Prefix(Prefix::OtherOperand)),
    ("times", Keyword::Times),
    ("equ", Keyword::Equ),
    ("db", Keyword::Define(1)),
    ("dw", Keyword::Define(2)),
    ("dd", Keyword::Define(4)),
    ("dq", Keyword::Define(8)),
    ("dt", Keyword::Define(10)),
    ("do", Keyword::Define(16)),
    ("dy", Keyword::Define(32)),
    ("dz", Keyword::Define(64)),
    ("resb", Keyword::Reserve(1)),
    ("resw", Keyword::Reserve(2)),
    ("resd", Keyword::Reserve(4)),
    ("resq", Keyword::Reserve(8)),
    ("rest", Keyword::Reserve(10)),
    ("reso", Keyword::Reserve(16)),
    ("resy", Keyword::Reserve(32)),
    ("resz", Keyword::Reserve(64)),
    ("incbin", Keyword::Incbin),
    ("section", Keyword::Directive(Directive::Section)),
    ("segment", Keyword::Directive(Directive::Section)),
    ("absolute", Keyword::Directive(Directive::Absolute)),
    ("align", Keyword::Directive(Directive::Align)),
    ("alignb", Keyword::Directive(Directive::Alignb)),
    ("nopalign", Keyword::Directive(Directive::Nopalign)),
    ("sectalign", Keyword::Directive(Directive::Sectalign)),
    ("bits", Keyword::Directive(Directive::Bits)),
    ("use16", Keyword::Directive(Directive::Use16)),
    ("use32", Keyword::Directive(Directive::Use32)),
    ("use64", Keyword::Directive(Directive::Use64)),
    ("common", Keyword::Directive(Directive::Common)),
    ("cpu", Keyword::Directive(Directive::Cpu)),
    ("default", Keyword::Directive(Directive::Default)),
    ("extern", Keyword::Directive(Directive::Extern)),
    ("float", Keyword::Directive(Directive::Float)),
    ("global", Keyword::Directive(Directive::Global)),
    ("debug", Keyword::Directive(Directive::Debug)),
    ("list", Keyword::Directive(Directive::List)),
    ("map", Keyword::Directive(Directive::Map)),
    ("pragma", Keyword::Directive(Directive::Pragma)),
    ("osabi", Keyword::Directive(Directive::Osabi)),
    ("org", Keyword::Directive(Directive::Org)),
    ("required", Keyword::Directive(Directive::Required)),
    ("static", Keyword::Directive(Directive::Static)),
    ("warning", Keyword::Directive(Directive::Warning)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_no_other() {
        for &(word, meaning) in WORDS {
            assert_eq!(keyword(key(word.as_bytes())), Some(meaning));
            assert_eq!(keyword(key(word.to_uppercase().as_bytes())), Some(meaning));
        }
        assert_eq!(keyword(key(b"dex")), None);
        assert_eq!(keyword(key(b"rip")), None);
        assert_eq!(keyword(key(b"R10D")), Register::from_name(b"r10d").map(Keyword::Register));
        assert_eq!(keyword(key(b"sectional")), None);
        assert_eq!(keyword(key(b"")), None);
    }
}
