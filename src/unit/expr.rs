//! Values that are not numbers yet, and the arithmetic on them.
//!
//! Arithmetic is NASM's (nasmdoc 3.5): 64 bits, wrapping; `/` `%` and the ordering operators come in a signed and
//! an unsigned form.  An address may be moved by a number and subtracted from another; everything else wants
//! numbers.

use super::{Position, SectionId, SymbolId};

/// Which expression of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// A number, now or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Known.
    Const(i64),
    /// The value of a symbol, moved.
    Symbol {
        /// Whose value.
        symbol: SymbolId,
        /// Added to it, wrapping.
        addend: i64,
    },
    /// Anything else.
    Expr(ExprId),
}

/// A node of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A leaf: a number, a symbol, or another expression.
    Value(Value),
    /// An address: a position of a section (`$`, or a label that has no symbol).
    Here(SectionId, Position),
    /// An address: the first byte of a section (`$$`).
    SectionStart(SectionId),
    /// One operand.
    Unary(UnaryOp, ExprId),
    /// Two operands.
    Binary(BinaryOp, ExprId, ExprId),
    /// `a ? b : c`.
    Conditional(ExprId, ExprId, ExprId),
    /// `a wrt ..plt`: an address that the linker replaces by that of a table's entry.
    Wrt(ExprId, Wrt),
}

/// The special symbols that `wrt` names (nasmdoc 8.9.3); only relocatable output can express them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrt {
    /// `..gotpc`
    Gotpc,
    /// `..gotoff`
    Gotoff,
    /// `..got`
    Got,
    /// `..plt`
    Plt,
    /// `..sym`
    Sym,
    /// `..gottpoff`
    Gottpoff,
    /// `..tlsie`
    Tlsie,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `~`
    Not,
    /// `!`
    LogicalNot,
    /// `ilog2e` and `ilog2fce`… share the form: 0 exact (an error otherwise), 1 floor, 2 ceiling.
    Ilog2(u8),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the operator its name says, in NASM's spelling order")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    UnsignedDiv,
    SignedDiv,
    UnsignedMod,
    SignedMod,
    ShiftLeft,
    ShiftRight,
    ArithmeticShiftRight,
    And,
    Or,
    Xor,
    LogicalAnd,
    LogicalOr,
    LogicalXor,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Compare,
}

/// The expressions of a unit.
#[derive(Clone, Debug, Default)]
pub struct Exprs {
    nodes: Vec<Expr>,
}

impl Exprs {
    /// Adds a node.
    pub fn push(&mut self, node: Expr) -> ExprId {
        self.nodes.push(node);
        ExprId(u32::try_from(self.nodes.len() - 1).expect("fewer expressions than bytes of source"))
    }

    /// A node.
    pub fn get(&self, id: ExprId) -> Expr {
        self.nodes[id.0 as usize]
    }

    /// Every node with its number.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (ExprId, &mut Expr)> {
        (0..).map(ExprId).zip(&mut self.nodes)
    }

    /// Whether any node is a `wrt`.
    pub fn have_wrt(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Expr::Wrt(..)))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// What an address counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Base {
    /// The first byte of a section.
    Section(SectionId),
    /// A symbol that is not defined in this unit.
    Symbol(SymbolId),
}

/// The outcome of an expression: `addend + plus - minus`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// The number.
    pub addend: i64,
    /// What it counts from; `None` for a number.
    pub plus: Option<Base>,
    /// What is subtracted; only `label - $` forms in other sections leave one.
    pub minus: Option<Base>,
    /// `wrt`.
    pub wrt: Option<Wrt>,
}

impl Evaluated {
    /// A plain number.
    pub fn number(addend: i64) -> Self {
        Evaluated { addend, ..Self::default() }
    }

    /// The number, if it is one.
    pub fn as_number(self) -> Option<i64> {
        (self.plus.is_none() && self.minus.is_none() && self.wrt.is_none()).then_some(self.addend)
    }
}

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// `/` or `%` by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// An operator that wants numbers was given an address.
    #[error("this operator takes numbers, not addresses")]
    NotScalar,
    /// `ilog2e` of a number that is no power of two.
    #[error("not a power of two")]
    NotPowerOfTwo,
    /// A symbol that nothing defines.
    #[error("undefined symbol")]
    Undefined(SymbolId),
    /// `a equ b` / `b equ a`.
    #[error("defined by itself")]
    Circular(SymbolId),
}

impl BinaryOp {
    /// The operator on two numbers.
    ///
    /// # Errors
    /// Division by zero.
    pub fn apply(self, left: i64, right: i64) -> Result<i64, EvalError> {
        let divides = |result: Option<i64>| result.ok_or(EvalError::DivisionByZero);
        let (unsigned_left, unsigned_right) = (left as u64, right as u64);
        // A count is taken modulo 64, as the 64-bit machines do on which nasm runs.
        let count = unsigned_right as u32;
        Ok(match self {
            BinaryOp::Add => left.wrapping_add(right),
            BinaryOp::Sub => left.wrapping_sub(right),
            BinaryOp::Mul => left.wrapping_mul(right),
            BinaryOp::UnsignedDiv => divides(unsigned_left.checked_div(unsigned_right).map(|x| x as i64))?,
            BinaryOp::SignedDiv if right == 0 => return Err(EvalError::DivisionByZero),
            BinaryOp::SignedDiv => left.wrapping_div(right),
            BinaryOp::UnsignedMod => divides(unsigned_left.checked_rem(unsigned_right).map(|x| x as i64))?,
            BinaryOp::SignedMod if right == 0 => return Err(EvalError::DivisionByZero),
            BinaryOp::SignedMod => left.wrapping_rem(right),
            BinaryOp::ShiftLeft => left.wrapping_shl(count),
            BinaryOp::ShiftRight => unsigned_left.wrapping_shr(count) as i64,
            BinaryOp::ArithmeticShiftRight => left.wrapping_shr(count),
            BinaryOp::And => left & right,
            BinaryOp::Or => left | right,
            BinaryOp::Xor => left ^ right,
            BinaryOp::LogicalAnd => i64::from(left != 0 && right != 0),
            BinaryOp::LogicalOr => i64::from(left != 0 || right != 0),
            BinaryOp::LogicalXor => i64::from((left != 0) != (right != 0)),
            BinaryOp::Equal => i64::from(left == right),
            BinaryOp::NotEqual => i64::from(left != right),
            BinaryOp::Less => i64::from(left < right),
            BinaryOp::LessEqual => i64::from(left <= right),
            BinaryOp::Greater => i64::from(left > right),
            BinaryOp::GreaterEqual => i64::from(left >= right),
            // nasmdoc 3.5.1 promises -1 for less; nasm 2.16.01 gives 0, and its bytes are what counts.
            BinaryOp::Compare => i64::from(left > right),
        })
    }
}

impl UnaryOp {
    /// The operator on a number.
    ///
    /// # Errors
    /// The exact logarithm of something else than a power of two.
    pub fn apply(self, operand: i64) -> Result<i64, EvalError> {
        let unsigned = operand as u64;
        Ok(match self {
            UnaryOp::Neg => operand.wrapping_neg(),
            UnaryOp::Not => !operand,
            UnaryOp::LogicalNot => i64::from(operand == 0),
            UnaryOp::Ilog2(0) if !unsigned.is_power_of_two() => return Err(EvalError::NotPowerOfTwo),
            UnaryOp::Ilog2(2) => i64::from(64 - unsigned.saturating_sub(1).leading_zeros()),
            UnaryOp::Ilog2(_) => i64::from(unsigned.checked_ilog2().unwrap_or(0)),
        })
    }
}
