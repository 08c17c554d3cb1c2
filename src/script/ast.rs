//! A script as it was written: names not resolved, nothing checked but the grammar.

use crate::source::Span;

/// Something and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub(super) node: T,
    pub(super) span: Span,
}

pub(super) type Expr = Spanned<ExprKind>;
pub(super) type Name = Spanned<String>;
pub(super) type Statement = Spanned<StatementKind>;
pub(super) type Block = Vec<Statement>;

#[derive(Clone, Debug)]
pub(super) enum ExprKind {
    /// The bits, and whether they were written in decimal.
    Number(u64, bool),
    Text(Vec<u8>),
    Name(String),
    /// `NAME.FIELD`: the address of a field of `data`.
    Field(Name, Name),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `u8[p]`, `argv[i]`.
    Index(Name, Box<Expr>),
    Call(Name, Vec<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnaryOp {
    Neg,
    Not,
    LogicalNot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    LogicalShiftRight,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    LogicalAnd,
    LogicalOr,
}

#[derive(Clone, Debug)]
pub(super) enum StatementKind {
    Assign(Name, Expr),
    /// `u8[p] = x`: the width's name, the address, the value.
    Store(Name, Expr, Expr),
    Call(Expr),
    If(Vec<(Expr, Block)>, Option<Block>),
    While(Expr, Block),
    Loop(Block),
    Break,
    Continue,
    Data(Data),
    Space(Name, Expr),
    Param(Param),
    /// Generated only: says how the program is used and ends with 2.
    Usage,
}

/// `data NAME = "…"` or `data NAME { … }`.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) name: Name,
    pub(super) mutable: bool,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: Option<Name>,
    pub(super) kind: FieldKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum FieldKind {
    /// Numbers of `width` bytes (0: the machine's word).
    Numbers {
        width: u8,
        big_endian: bool,
        values: Vec<Expr>,
    },
    Bytes(Vec<Expr>),
    Zero(Expr),
    Align(Expr),
    /// The bytes of an IPv4 or IPv6 address.
    Address(Vec<u8>),
}

/// `param NAME: KIND = DEFAULT "help"`, or `param --NAME: …`.
#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: Name,
    /// Given as `--NAME VALUE`, not by its place.
    pub(super) option: bool,
    pub(super) kind: ParamKind,
    pub(super) default: Option<Expr>,
    pub(super) help: String,
}

#[derive(Clone, Debug)]
pub(super) enum ParamKind {
    Int(Expr, Expr),
    Text,
    /// Text with a newline behind it.
    Line,
    Ip,
    Port,
    /// A system call by name, which becomes its number.
    Syscall,
    /// A number, or else text.
    Word,
}
