//! Which combinations of flags are possible: one bit for each of the 32.
//!
//! `jl a` / `jge b` covers every case, so nothing falls out behind it; `xor eax,eax` / `jz a` always jumps.

use iced_x86::ConditionCode;

/// A set of combinations of CF, ZF, SF, OF, PF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags(u32);

const CF: u32 = 1;
const ZF: u32 = 2;
const SF: u32 = 4;
const OF: u32 = 8;
const PF: u32 = 16;

impl Flags {
    /// Anything.
    pub(super) const ALL: Flags = Flags(u32::MAX);

    fn those(wanted: impl Fn(u32) -> bool) -> Flags {
        Flags((0..32).filter(|&flags| wanted(flags)).fold(0, |set, flags| set | 1 << flags))
    }

    /// After arithmetic: zero is not negative.
    pub(super) fn arithmetic() -> Flags {
        Flags::those(|flags| flags & (ZF | SF) != ZF | SF)
    }

    /// After `and`, `or`, `xor`, `test`.
    pub(super) fn logic() -> Flags {
        Flags::those(|flags| flags & (CF | OF) == 0 && flags & (ZF | SF) != ZF | SF)
    }

    /// After a comparison of values that are not known: equal ones have neither carry nor overflow.
    pub(super) fn comparison() -> Flags {
        Flags::those(|flags| flags & ZF == 0 || flags & (CF | OF | SF) == 0)
    }

    /// Those in which ZF and SF are as a result of so many bits has them.
    pub(super) fn with_result(self, result: u64, bits: u32) -> Flags {
        let kept = result << (64 - bits);
        let wanted = if kept == 0 { ZF } else { 0 } | if kept >> 63 == 1 { SF } else { 0 };
        self.intersection(Flags::those(|flags| flags & (ZF | SF) == wanted))
    }

    /// After `cmp left,right`.
    pub(super) fn compared(left: u64, right: u64, bits: u32) -> Flags {
        let shift = 64 - bits;
        let (left, right) = (left << shift, right << shift);
        let result = left.wrapping_sub(right);
        let overflow = ((left ^ right) & (left ^ result)) >> 63 == 1;
        let wanted = if left < right { CF } else { 0 } | if overflow { OF } else { 0 };
        Flags::those(|flags| flags & (CF | OF) == wanted).with_result(result, 64)
    }

    /// Those in which the result is not zero.
    pub(super) fn not_zero(self) -> Flags {
        self.intersection(Flags::those(|flags| flags & ZF == 0))
    }

    /// After `stc` or `clc`; what the others were is not remembered.
    pub(super) fn with_carry(carry: bool) -> Flags {
        Flags::those(|flags| (flags & CF != 0) == carry)
    }

    pub(super) fn union(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    fn intersection(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }

    /// Those in which a condition is met, or is not.
    pub(super) fn when(self, condition: ConditionCode, met: bool) -> Flags {
        self.intersection(Flags::those(|flags| meets(flags, condition) == met))
    }

    pub(super) fn is_impossible(self) -> bool {
        self.0 == 0
    }
}

/// SDM 1 appendix B.
fn meets(flags: u32, condition: ConditionCode) -> bool {
    let is = |flag: u32| flags & flag != 0;
    match condition {
        ConditionCode::None => true,
        ConditionCode::o => is(OF),
        ConditionCode::no => !is(OF),
        ConditionCode::b => is(CF),
        ConditionCode::ae => !is(CF),
        ConditionCode::e => is(ZF),
        ConditionCode::ne => !is(ZF),
        ConditionCode::be => is(CF) || is(ZF),
        ConditionCode::a => !is(CF) && !is(ZF),
        ConditionCode::s => is(SF),
        ConditionCode::ns => !is(SF),
        ConditionCode::p => is(PF),
        ConditionCode::np => !is(PF),
        ConditionCode::l => is(SF) != is(OF),
        ConditionCode::ge => is(SF) == is(OF),
        ConditionCode::le => is(ZF) || is(SF) != is(OF),
        ConditionCode::g => !is(ZF) && is(SF) == is(OF),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flags: Flags, not_taken: &[ConditionCode], expected: bool) {
        let left = not_taken.iter().fold(flags, |flags, &condition| flags.when(condition, false));
        assert_eq!(left.is_impossible(), expected, "{flags:?} {not_taken:?}");
    }

    #[test]
    fn conditions_that_cover_every_case_leave_none() {
        use ConditionCode as C;
        check(Flags::ALL, &[C::l, C::ge], true);
        check(Flags::comparison(), &[C::b, C::a, C::e], true);
        check(Flags::comparison(), &[C::l, C::g], false);
        check(Flags::comparison(), &[C::l, C::g, C::e], true);
        check(Flags::compared(3, 3, 32), &[C::e], true);
        check(Flags::compared(2, 3, 32), &[C::b], true);
        check(Flags::compared(0xffff_ffff, 3, 32), &[C::l], true);
        check(Flags::compared(0xffff_ffff, 3, 32), &[C::a], true);
        check(Flags::logic().with_result(0, 32), &[C::e], true);
        check(Flags::logic(), &[C::ae], true);
    }
}
