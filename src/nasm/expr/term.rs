//! The value of an expression while it is being read: a number, plus at most one thing that layout decides, plus
//! registers with factors.  `[rax+rbx*4+label-8]` is one expression, and its value is one term.

use crate::isa::x86::{Register, RegisterClass};
use crate::unit::{ExprId, Position, SectionId, SymbolId, Wrt};

/// What a term has besides its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing.
    None,
    /// A place: `$`, `$$`.
    Here(SectionId, Position),
    /// A symbol: a label, or not defined yet.
    Symbol(SymbolId),
    /// Anything else.
    Expr(ExprId),
}

/// A value: `number + rest + factor * register …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// The number.
    pub(crate) number: i64,
    /// What it counts from.
    pub(crate) rest: Rest,
    /// `wrt …`.
    pub(crate) wrt: Option<Wrt>,
    /// Registers in order of writing; a factor of 0 is an empty place.
    pub(crate) registers: [(Register, i32); 2],
    /// Which of two registers is the base.
    pub(crate) hint: Hint,
    /// Whether a number or a place was written, if only 0.
    pub(crate) plain: bool,
}

/// What the writing of an address says about its base, as nasm reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// There is no register yet.
    None,
    /// The first register is the base.
    First,
    /// The first register was multiplied, if only by one: it is the index.
    Second,
    /// Two numbers or the same register twice were added up: nasm forgets the order of writing over it, and goes by
    /// its registers' names.
    Summed,
}

impl Hint {
    /// The hint of two terms with an operator between them.
    pub(crate) fn then(self, right: Hint) -> Hint {
        match (self, right) {
            (Hint::Summed, _) | (_, Hint::Summed) => Hint::Summed,
            (Hint::None, _) => right,
            _ => self,
        }
    }
}

const NO_REGISTER: (Register, i32) = (Register(0), 0);

impl Term {
    /// A number.
    #[inline]
    pub(crate) fn number(number: i64) -> Self {
        Term {
            number,
            rest: Rest::None,
            wrt: None,
            registers: [NO_REGISTER; 2],
            hint: Hint::None,
            plain: true,
        }
    }

    /// Something that layout decides.
    pub(crate) fn rest(rest: Rest) -> Self {
        Term { rest, ..Term::number(0) }
    }

    /// A register.
    #[inline]
    pub(crate) fn register(register: Register) -> Self {
        Term { registers: [(register, 1), NO_REGISTER], hint: Hint::First, plain: false, ..Term::number(0) }
    }

    /// Whether any register is in it.
    #[inline]
    pub(crate) fn has_registers(&self) -> bool {
        self.registers[0].1 != 0
    }

    /// The number, if it is nothing else.
    #[inline]
    pub(crate) fn as_number(&self) -> Option<i64> {
        (self.rest == Rest::None && self.wrt.is_none() && !self.has_registers()).then_some(self.number)
    }

    /// The register, if it is nothing else.
    #[inline]
    pub(crate) fn as_register(&self) -> Option<Register> {
        let alone = self.number == 0 && self.rest == Rest::None && self.registers[1].1 == 0;
        (alone && self.registers[0].1 == 1).then_some(self.registers[0].0)
    }

    /// `zmm4+3`: a vector register and how many registers after it are meant.
    pub(crate) fn as_registers(&self) -> Option<(Register, u8)> {
        let count = u8::try_from(self.number).ok().filter(|count| matches!(count, 1 | 3 | 7 | 15 | 31))?;
        let register = Term { number: 0, ..*self }.as_register()?;
        matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
            .then_some((register, count))
    }

    /// Adds the registers of another term, `sign` times, and joins the hints; false when there are more than two.
    pub(crate) fn add_registers(&mut self, other: &Term, sign: i32) -> bool {
        self.hint = self.hint.then(other.hint);
        for (register, factor) in other.registers.iter().filter(|one| one.1 != 0) {
            let factor = factor * sign;
            let same = self.registers.iter_mut().find(|one| one.1 != 0 && one.0 == *register);
            if let Some(same) = same {
                same.1 += factor;
                if same.1 != 0 {
                    self.hint = Hint::Summed;
                }
            } else if let Some(free) = self.registers.iter_mut().find(|one| one.1 == 0) {
                *free = (*register, factor);
            } else {
                return false;
            }
            if self.registers[0].1 == 0 {
                self.registers.swap(0, 1);
            }
        }
        true
    }
}
