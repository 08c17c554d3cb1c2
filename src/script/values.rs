//! Expressions: constants are folded as the target would compute them, everything else becomes operations.

use super::ast::*;
use super::fold::{self, Kind};
use super::ir::{Condition, Label, Op, Operand, Operator, Place, VReg, Width};
use super::lower::Lowerer;
use super::names::Meaning;
use crate::source::{Diagnostic, Span, did_you_mean};
use crate::syscall;

/// What an expression came to.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Operand(Operand),
    /// A string that has no place yet: where it is used decides whether a NUL follows it.
    Text(Vec<u8>),
}

impl Lowerer<'_> {
    /// A word that the program can compute with; a string gives its address.  `None`: a mistake was reported.
    pub(super) fn operand(&mut self, expr: &Expr) -> Option<Operand> {
        match self.value(expr)? {
            Value::Operand(operand) => {
                if let Operand::Data(id, _) = operand {
                    self.needs_text_end_if_string(id);
                }
                Some(operand)
            }
            Value::Text(bytes) => Some(Operand::Data(self.string(bytes, true, expr.span), 0)),
        }
    }

    /// `data` made of one string may be used as a path by way of a variable.
    fn needs_text_end_if_string(&mut self, id: super::ir::DataId) {
        if self.program.datum(id).place == Place::ReadOnly && self.program.datum(id).pointers.is_empty() {
            self.needs_text_end(id);
        }
    }

    /// A number that is known now.
    pub(super) fn constant(&mut self, expr: &Expr) -> Option<i64> {
        let mark = self.program.ops.len();
        match self.value(expr)? {
            Value::Operand(Operand::Const(number)) => Some(number),
            _ => {
                self.program.ops.truncate(mark);
                self.constant_wanted(expr.span);
                None
            }
        }
    }

    pub(super) fn constant_wanted(&mut self, span: Span) {
        let wrong = Diagnostic::error(span, "a constant is wanted here");
        self.diagnostics.push(wrong.note("its value must be known when the program is built"));
    }

    pub(super) fn value(&mut self, expr: &Expr) -> Option<Value> {
        let operand = match &expr.node {
            ExprKind::Number(bits, decimal) => Operand::Const(self.literal(*bits, *decimal, expr.span)?),
            ExprKind::Text(bytes) => return Some(Value::Text(bytes.clone())),
            ExprKind::Name(name) => return self.named(name, expr.span),
            ExprKind::Field(name, field) => self.data_field(name, field)?,
            ExprKind::Unary(operator, inner) => self.unary(*operator, inner, expr.span)?,
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, expr.span)?,
            ExprKind::Index(name, index) => self.index(name, index, expr.span)?,
            ExprKind::Call(name, arguments) if name.node == "join" => {
                return self.join(&arguments[0], &arguments[1]);
            }
            ExprKind::Call(name, arguments) => return self.call(name, arguments, expr.span, true),
        };
        Some(Value::Operand(operand))
    }

    /// A parameter's text and the string that follows it.
    fn join(&mut self, name: &Expr, text: &Expr) -> Option<Value> {
        let ExprKind::Text(tail) = &text.node else { return None };
        match self.value(name)? {
            Value::Text(mut bytes) => {
                bytes.extend_from_slice(tail);
                Some(Value::Text(bytes))
            }
            Value::Operand(_) => {
                let wrong =
                    Diagnostic::error(text.span, "a string follows a value that is no constant string");
                self.diagnostics
                    .push(wrong.note("only strings that are known when the program is built join"));
                None
            }
        }
    }

    /// A decimal number must fit the signed word; with a radix it may use all of the word's bits.
    fn literal(&mut self, bits: u64, decimal: bool, span: Span) -> Option<i64> {
        let width = fold::word_bits(self.machine);
        let limit = u64::MAX >> (64 - width) >> u32::from(decimal);
        if bits > limit {
            let text = format!("{bits} does not fit the {width}-bit word of {}", self.machine.name());
            let largest = u64::MAX >> (65 - width);
            self.diagnostics
                .push(Diagnostic::error(span, text).note(format!("the largest number is {largest}")));
            return None;
        }
        Some(fold::wrap(self.machine, bits as i64))
    }

    fn sign_bit(&self) -> u64 {
        1 << (fold::word_bits(self.machine) - 1)
    }

    fn named(&mut self, name: &str, span: Span) -> Option<Value> {
        let word = i64::from(fold::word_bits(self.machine) / 8);
        let operand = match self.names.get(name) {
            Some(Meaning::Variable(register)) => Operand::Reg(*register),
            Some(Meaning::Data(id, _)) => Operand::Data(*id, 0),
            Some(Meaning::Number(number, _)) => Operand::Const(*number),
            Some(Meaning::Text(bytes, _)) => return Some(Value::Text(bytes.clone())),
            None => match name {
                "argc" => self.load_word(Operand::Stack(0), span),
                "argv" => Operand::Stack(word),
                "envp" => self.environment(span),
                "WORD" => Operand::Const(word),
                _ => match syscall::constant(name, self.machine) {
                    Some(number) => Operand::Const(fold::wrap(self.machine, number)),
                    None => {
                        self.unknown_name(name, span);
                        return None;
                    }
                },
            },
        };
        Some(Value::Operand(operand))
    }

    fn load_word(&mut self, address: Operand, span: Span) -> Operand {
        let to = self.program.new_register();
        let width = Width { bytes: (fold::word_bits(self.machine) / 8) as u8, signed: true };
        self.program.push(Op::Load { to, width, address, offset: 0 }, span);
        Operand::Reg(to)
    }

    /// The first pointer behind argv and its closing NULL (System V ABI, "Process Initialization").
    fn environment(&mut self, span: Span) -> Operand {
        let word = i64::from(fold::word_bits(self.machine) / 8);
        let count = self.load_word(Operand::Stack(0), span);
        let bytes = self.arithmetic(Operator::ShiftLeft, count, Operand::Const(word.ilog2().into()), span);
        self.arithmetic(Operator::Add, bytes, Operand::Stack(2 * word), span)
    }

    fn data_field(&mut self, name: &Name, field: &Name) -> Option<Operand> {
        let Some(Meaning::Data(id, _)) = self.names.get(&name.node).cloned() else {
            self.diagnostics.error(name.span, format!("`{}` is not the name of data", name.node));
            return None;
        };
        let Some(offset) = self.fields.get(&(id, field.node.clone())) else {
            let mut wrong =
                Diagnostic::error(field.span, format!("`{}` has no field `{}`", name.node, field.node));
            let known = self.fields.keys().filter(|key| key.0 == id).map(|key| key.1.as_bytes());
            if let Some(hint) = did_you_mean(field.node.as_bytes(), known) {
                wrong = wrong.hint(hint);
            }
            self.diagnostics.push(wrong);
            return None;
        };
        Some(Operand::Data(id, *offset))
    }

    fn unary(&mut self, operator: UnaryOp, inner: &Expr, span: Span) -> Option<Operand> {
        match operator {
            // The lowest number is written with a digit string that is too large without its sign.
            UnaryOp::Neg if matches!(inner.node, ExprKind::Number(bits, true) if bits == self.sign_bit()) => {
                Some(Operand::Const(fold::wrap(self.machine, self.sign_bit() as i64)))
            }
            UnaryOp::Neg => {
                let operand = self.operand(inner)?;
                Some(self.arithmetic(Operator::Sub, Operand::Const(0), operand, span))
            }
            UnaryOp::Not => {
                let operand = self.operand(inner)?;
                Some(self.arithmetic(Operator::Xor, operand, Operand::Const(-1), span))
            }
            UnaryOp::LogicalNot => {
                if is_logical(inner) {
                    return self.truth(&Spanned {
                        node: ExprKind::Unary(UnaryOp::LogicalNot, Box::new(inner.clone())),
                        span,
                    });
                }
                let operand = self.operand(inner)?;
                Some(self.comparison(Condition::Equal, operand, Operand::Const(0), span))
            }
        }
    }

    fn binary(&mut self, operator: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Option<Operand> {
        let kind = fold::kind(operator);
        if let Kind::Logical(_) = kind {
            let node = ExprKind::Binary(operator, Box::new(left.clone()), Box::new(right.clone()));
            return self.truth(&Spanned { node, span });
        }
        let first = self.operand(left);
        let second = self.operand(right);
        let (first, second) = (first?, second?);
        match kind {
            Kind::Arithmetic(operator) => {
                if matches!(operator, Operator::Div | Operator::Rem) {
                    self.check_divisor(second, right.span)?;
                }
                Some(self.arithmetic(operator, first, second, span))
            }
            Kind::Comparison(condition) => Some(self.comparison(condition, first, second, span)),
            Kind::Logical(_) => None,
        }
    }

    fn check_divisor(&mut self, divisor: Operand, span: Span) -> Option<()> {
        let note = "so no machine traps, and none differs from another";
        match divisor {
            Operand::Const(number) if number >= 1 => return Some(()),
            Operand::Const(number) => {
                let text = format!("the right side of `/` and `%` is {number}; it must be at least 1");
                self.diagnostics.push(Diagnostic::error(span, text).note(note));
            }
            _ => {
                let text = "the right side of `/` and `%` must be a constant";
                self.diagnostics.push(Diagnostic::error(span, text).note(note));
            }
        }
        None
    }

    /// The operator on two words, folded where both are known.
    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Operand {
        let wrap = |number| fold::wrap(self.machine, number);
        match (operator, left, right) {
            (_, Operand::Const(left), Operand::Const(right)) => {
                return Operand::Const(fold::apply(self.machine, operator, left, right));
            }
            (Operator::Add, Operand::Data(id, at), Operand::Const(moved))
            | (Operator::Add, Operand::Const(moved), Operand::Data(id, at)) => {
                return Operand::Data(id, wrap(at.wrapping_add(moved)));
            }
            (Operator::Sub, Operand::Data(id, at), Operand::Const(moved)) => {
                return Operand::Data(id, wrap(at.wrapping_sub(moved)));
            }
            (Operator::Add, Operand::Stack(at), Operand::Const(moved))
            | (Operator::Add, Operand::Const(moved), Operand::Stack(at)) => {
                return Operand::Stack(wrap(at.wrapping_add(moved)));
            }
            (Operator::Add | Operator::Or | Operator::Xor, Operand::Const(0), other)
            | (
                Operator::Add
                | Operator::Sub
                | Operator::Or
                | Operator::Xor
                | Operator::ShiftLeft
                | Operator::ShiftRight
                | Operator::LogicalShiftRight,
                other,
                Operand::Const(0),
            )
            | (Operator::Mul | Operator::Div, other, Operand::Const(1))
            | (Operator::Mul, Operand::Const(1), other) => return other,
            _ => {}
        }
        let (operator, left, right) = simpler(operator, left, right);
        let to = self.program.new_register();
        self.program.push(Op::Binary { operator, to, left, right }, span);
        Operand::Reg(to)
    }

    pub(super) fn comparison(
        &mut self,
        condition: Condition,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Operand {
        if let (Operand::Const(left), Operand::Const(right)) = (left, right) {
            return Operand::Const(i64::from(condition.holds(left, right)));
        }
        let to = self.program.new_register();
        self.program.push(Op::Set { condition, to, left, right }, span);
        Operand::Reg(to)
    }

    /// 0 or 1, by way of branches: `&&`, `||` and what contains them.
    fn truth(&mut self, expr: &Expr) -> Option<Operand> {
        let to = self.program.new_register();
        let end = self.program.new_label();
        self.program.push(Op::Copy { to, from: Operand::Const(0) }, expr.span);
        self.branch(expr, false, end)?;
        self.program.push(Op::Copy { to, from: Operand::Const(1) }, expr.span);
        self.place(end, expr.span);
        Some(Operand::Reg(to))
    }

    /// Goes to `target` when the truth of the expression is `when`, else on.
    pub(super) fn branch(&mut self, expr: &Expr, when: bool, target: Label) -> Option<()> {
        match &expr.node {
            ExprKind::Unary(UnaryOp::LogicalNot, inner) => self.branch(inner, !when, target),
            ExprKind::Binary(operator, left, right) => match fold::kind(*operator) {
                // `a && b` is true only behind both; `a || b` goes as soon as one is.
                Kind::Logical(and) if and == when => {
                    let skip = self.program.new_label();
                    self.branch(left, !when, skip)?;
                    self.branch(right, when, target)?;
                    self.place(skip, expr.span);
                    Some(())
                }
                Kind::Logical(_) => {
                    self.branch(left, when, target)?;
                    self.branch(right, when, target)
                }
                Kind::Comparison(condition) => {
                    let first = self.operand(left);
                    let second = self.operand(right);
                    self.branch_on(condition, first?, second?, when, target, expr.span);
                    Some(())
                }
                Kind::Arithmetic(_) => self.branch_on_word(expr, when, target),
            },
            ExprKind::Call(name, arguments) if name.node == "ult" && arguments.len() == 2 => {
                let first = self.operand(&arguments[0]);
                let second = self.operand(&arguments[1]);
                self.branch_on(Condition::Below, first?, second?, when, target, expr.span);
                Some(())
            }
            ExprKind::Call(name, arguments) if name.node == "err" && arguments.len() == 1 => {
                let operand = self.operand(&arguments[0])?;
                let limit = Operand::Const(-4096);
                self.branch_on(Condition::Above, operand, limit, when, target, expr.span);
                Some(())
            }
            _ => self.branch_on_word(expr, when, target),
        }
    }

    fn branch_on_word(&mut self, expr: &Expr, when: bool, target: Label) -> Option<()> {
        let operand = self.operand(expr)?;
        self.branch_on(Condition::NotEqual, operand, Operand::Const(0), when, target, expr.span);
        Some(())
    }

    fn branch_on(
        &mut self,
        condition: Condition,
        left: Operand,
        right: Operand,
        when: bool,
        target: Label,
        span: Span,
    ) {
        let condition = if when { condition } else { condition.inverted() };
        let known = match (left, right) {
            (Operand::Const(left), Operand::Const(right)) => Some(condition.holds(left, right)),
            // No datum lies at address zero.
            (Operand::Data(..) | Operand::Stack(_), Operand::Const(0)) => match condition {
                Condition::Equal => Some(false),
                Condition::NotEqual => Some(true),
                _ => None,
            },
            _ => None,
        };
        match known {
            Some(true) => self.jump(target, span),
            Some(false) => {}
            None => {
                let (condition, left, right) = match left {
                    Operand::Const(_) => (condition.swapped(), right, left),
                    _ => (condition, left, right),
                };
                self.use_label(target);
                self.program.push(Op::Branch { condition, left, right, target }, span);
            }
        }
    }

    fn index(&mut self, name: &Name, index: &Expr, span: Span) -> Option<Operand> {
        if name.node == "argv" || name.node == "envp" {
            let base = match self.named(&name.node, name.span)? {
                Value::Operand(base) => base,
                Value::Text(_) => return None,
            };
            let at = self.operand(index)?;
            let shift = i64::from((fold::word_bits(self.machine) / 8).ilog2());
            let bytes = self.arithmetic(Operator::ShiftLeft, at, Operand::Const(shift), span);
            let address = self.arithmetic(Operator::Add, bytes, base, span);
            return Some(self.load_word(address, span));
        }
        let width = self.width(name)?;
        let (address, offset) = self.address(index)?;
        let to = self.program.new_register();
        self.program.push(Op::Load { to, width, address, offset }, span);
        Some(Operand::Reg(to))
    }

    /// The memory access that `u8`, `word` … stand for.
    pub(super) fn width(&mut self, name: &Name) -> Option<Width> {
        let word = (fold::word_bits(self.machine) / 8) as u8;
        let (bytes, signed) = match name.node.as_str() {
            "u8" => (1, false),
            "u16" => (2, false),
            "u32" => (4, word == 4),
            "u64" => (8, true),
            "i8" => (1, true),
            "i16" => (2, true),
            "i32" => (4, true),
            "word" => (word, true),
            other => {
                let wrong = Diagnostic::error(name.span, format!("`{other}` is no width of memory"));
                self.diagnostics.push(wrong.hint(format!("a byte at its address is `u8[{other}]`")));
                return None;
            }
        };
        if bytes > word {
            let wrong =
                Diagnostic::error(name.span, format!("{} has no `{}`", self.machine.name(), name.node));
            self.diagnostics.push(wrong.hint("its word has 32 bits; read two `u32`"));
            return None;
        }
        Some(Width { bytes, signed })
    }

    /// An address as a base and a constant distance, which every machine can add for nothing.
    pub(super) fn address(&mut self, expr: &Expr) -> Option<(Operand, i64)> {
        if let ExprKind::Binary(operator @ (BinaryOp::Add | BinaryOp::Sub), left, right) = &expr.node
            && let ExprKind::Number(number, _) = &right.node
            && *number < 2048
        {
            let offset = if *operator == BinaryOp::Add { *number as i64 } else { -(*number as i64) };
            return Some(match self.operand(left)? {
                Operand::Data(id, at) => (Operand::Data(id, at + offset), 0),
                Operand::Const(at) => (Operand::Const(fold::wrap(self.machine, at.wrapping_add(offset))), 0),
                base => (base, offset),
            });
        }
        Some((self.operand(expr)?, 0))
    }

    /// An operand in a virtual register of its own.
    pub(super) fn fresh_copy(&mut self, from: Operand, span: Span) -> VReg {
        let to = self.program.new_register();
        self.program.push(Op::Copy { to, from }, span);
        to
    }
}

/// Whether an expression is computed by branches.
fn is_logical(expr: &Expr) -> bool {
    match &expr.node {
        ExprKind::Binary(operator, ..) => !matches!(fold::kind(*operator), Kind::Arithmetic(_)),
        ExprKind::Unary(UnaryOp::LogicalNot, _) => true,
        _ => false,
    }
}

/// The same value by a cheaper operation, a constant on the right where order does not matter.
fn simpler(operator: Operator, left: Operand, right: Operand) -> (Operator, Operand, Operand) {
    let (left, right) = match (operator, left) {
        (
            Operator::Add | Operator::Mul | Operator::And | Operator::Or | Operator::Xor,
            Operand::Const(_) | Operand::Data(..) | Operand::Stack(_),
        ) => (right, left),
        _ => (left, right),
    };
    match (operator, right) {
        (Operator::Mul, Operand::Const(number)) if number > 0 && number.count_ones() == 1 => {
            (Operator::ShiftLeft, left, Operand::Const(number.trailing_zeros().into()))
        }
        _ => (operator, left, right),
    }
}
