//! The target-independent form between the language and the machines: operations on virtual registers.
//!
//! Every value is a machine word.  A virtual register may be assigned many times; control flow is labels, jumps
//! and branches in one list.  Names, strings and types are gone; constants already fit the word.

use crate::source::Span;

/// A virtual register: a variable of the script or an intermediate value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct VReg(pub(super) u32);

/// A place in the list of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label(pub(super) u32);

/// A datum of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DataId(pub(super) u32);

/// What an operation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Const(i64),
    Reg(VReg),
    /// The address of a datum, moved.
    Data(DataId, i64),
    /// The stack pointer at process entry, moved: argc is there, argv and envp follow.
    Stack(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Sub,
    Mul,
    /// The right side is a constant of at least 1.
    Div,
    /// The right side is a constant of at least 1.
    Rem,
    And,
    Or,
    Xor,
    /// The count is modulo the width of the word.
    ShiftLeft,
    ShiftRight,
    LogicalShiftRight,
}

/// How two words compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Below,
    BelowEqual,
    Above,
    AboveEqual,
}

impl Condition {
    /// What holds when this does not.
    pub(super) fn inverted(self) -> Self {
        match self {
            Condition::Equal => Condition::NotEqual,
            Condition::NotEqual => Condition::Equal,
            Condition::Less => Condition::GreaterEqual,
            Condition::GreaterEqual => Condition::Less,
            Condition::LessEqual => Condition::Greater,
            Condition::Greater => Condition::LessEqual,
            Condition::Below => Condition::AboveEqual,
            Condition::AboveEqual => Condition::Below,
            Condition::BelowEqual => Condition::Above,
            Condition::Above => Condition::BelowEqual,
        }
    }

    /// The same test with the operands exchanged.
    pub(super) fn swapped(self) -> Self {
        match self {
            Condition::Equal | Condition::NotEqual => self,
            Condition::Less => Condition::Greater,
            Condition::Greater => Condition::Less,
            Condition::LessEqual => Condition::GreaterEqual,
            Condition::GreaterEqual => Condition::LessEqual,
            Condition::Below => Condition::Above,
            Condition::Above => Condition::Below,
            Condition::BelowEqual => Condition::AboveEqual,
            Condition::AboveEqual => Condition::BelowEqual,
        }
    }

    /// The test on two known words.
    pub(super) fn holds(self, left: i64, right: i64) -> bool {
        let (unsigned_left, unsigned_right) = (left as u64, right as u64);
        match self {
            Condition::Equal => left == right,
            Condition::NotEqual => left != right,
            Condition::Less => left < right,
            Condition::LessEqual => left <= right,
            Condition::Greater => left > right,
            Condition::GreaterEqual => left >= right,
            Condition::Below => unsigned_left < unsigned_right,
            Condition::BelowEqual => unsigned_left <= unsigned_right,
            Condition::Above => unsigned_left > unsigned_right,
            Condition::AboveEqual => unsigned_left >= unsigned_right,
        }
    }
}

/// What a memory access moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Width {
    /// 1, 2, 4 or 8.
    pub(super) bytes: u8,
    pub(super) signed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Copy {
        to: VReg,
        from: Operand,
    },
    Binary {
        operator: Operator,
        to: VReg,
        left: Operand,
        right: Operand,
    },
    /// 1 if the condition holds, else 0.
    Set {
        condition: Condition,
        to: VReg,
        left: Operand,
        right: Operand,
    },
    Load {
        to: VReg,
        width: Width,
        address: Operand,
        offset: i64,
    },
    Store {
        width: Width,
        address: Operand,
        offset: i64,
        value: Operand,
    },
    /// A system call; `ends` when it never comes back.
    Call {
        number: Operand,
        arguments: Vec<Operand>,
        result: Option<VReg>,
        ends: bool,
    },
    Label(Label),
    Jump(Label),
    Branch {
        condition: Condition,
        left: Operand,
        right: Operand,
        target: Label,
    },
}

impl Op {
    /// What it reads.
    pub(super) fn uses(&self, mut see: impl FnMut(Operand)) {
        match self {
            Op::Copy { from, .. } => see(*from),
            Op::Binary { left, right, .. } | Op::Set { left, right, .. } | Op::Branch { left, right, .. } => {
                see(*left);
                see(*right);
            }
            Op::Load { address, .. } => see(*address),
            Op::Store { address, value, .. } => {
                see(*address);
                see(*value);
            }
            Op::Call { number, arguments, .. } => {
                see(*number);
                arguments.iter().for_each(|argument| see(*argument));
            }
            Op::Label(_) | Op::Jump(_) => {}
        }
    }

    /// The virtual registers that it reads.
    pub(super) fn uses_registers(&self, mut see: impl FnMut(VReg)) {
        self.uses(|operand| {
            if let Operand::Reg(register) = operand {
                see(register);
            }
        });
    }

    /// The virtual register that it writes.
    pub(super) fn defines(&self) -> Option<VReg> {
        match self {
            Op::Copy { to, .. } | Op::Binary { to, .. } | Op::Set { to, .. } | Op::Load { to, .. } => {
                Some(*to)
            }
            Op::Call { result, .. } => *result,
            _ => None,
        }
    }

    /// Whether control never goes on to the next operation.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Op::Jump(_) | Op::Call { ends: true, .. })
    }
}

/// Where a datum may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    ReadOnly,
    Mutable,
    /// Zeroes without bytes in the file.
    Space,
}

/// An address inside a datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    pub(super) offset: u32,
    pub(super) target: DataId,
    pub(super) addend: i64,
}

/// Bytes, or room for them.
#[derive(Clone, Debug)]
pub(super) struct Datum {
    /// The script's name for it; none for a string.
    pub(super) name: Option<String>,
    pub(super) place: Place,
    pub(super) bytes: Vec<u8>,
    /// A NUL must follow that no length counts.
    pub(super) terminated: bool,
    /// For [`Place::Space`]; otherwise the length of `bytes`.
    pub(super) size: u64,
    pub(super) align: u64,
    pub(super) pointers: Vec<Pointer>,
    pub(super) span: Span,
}

/// A whole script, ready for any machine of its word size.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) ops: Vec<(Op, Span)>,
    pub(super) data: Vec<Datum>,
    pub(super) registers: u32,
    pub(super) labels: u32,
    /// The script's names of virtual registers, for listings; others are intermediate values.
    pub(super) variables: Vec<(String, VReg)>,
}

impl Program {
    pub(super) fn new_register(&mut self) -> VReg {
        self.registers += 1;
        VReg(self.registers - 1)
    }

    pub(super) fn new_label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }

    pub(super) fn push(&mut self, op: Op, span: Span) {
        self.ops.push((op, span));
    }

    /// Whether control can reach the end of the list.
    pub(super) fn falls_through(&self) -> bool {
        self.ops.last().is_none_or(|(op, _)| !op.is_final())
    }

    pub(super) fn datum(&self, id: DataId) -> &Datum {
        &self.data[id.0 as usize]
    }
}
