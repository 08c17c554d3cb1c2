//! Operators on terms, and terms into the values that a unit keeps.

use super::{Hint, Rest, Term};
use crate::isa::x86::Known;
use crate::nasm::assemble::Program;
use crate::unit::{BinaryOp, Definition, Expr, ExprId, Position, SectionId, SymbolId, UnaryOp, Value};

impl Program {
    /// A binary operator; the error is what is wrong in the user's words.
    pub(in crate::nasm) fn apply(
        &mut self,
        operator: BinaryOp,
        left: Term,
        right: Term,
    ) -> Result<Term, &'static str> {
        if let (Some(a), Some(b)) = (left.as_number(), right.as_number()) {
            let number = operator.apply(a, b).map_err(|_| "division by zero")?;
            let is_sum = matches!(operator, BinaryOp::Add | BinaryOp::Sub);
            let both = left.plain && right.plain;
            let hint = if is_sum && both && number != 0 { Hint::Summed } else { left.hint.then(right.hint) };
            // A sum of nothing is left out.
            let plain = !is_sum || if both { number != 0 } else { left.plain || right.plain };
            return Ok(Term { hint, plain, ..Term::number(number) });
        }
        match operator {
            BinaryOp::Add => self.add(left, right),
            BinaryOp::Sub => self.subtract(left, right),
            BinaryOp::Mul if left.has_registers() || right.has_registers() => scale(left, right),
            _ if left.has_registers() || right.has_registers() => {
                Err("registers can only be added, subtracted and multiplied by a number")
            }
            BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Compare => match self.distance(&left, &right) {
                Some(distance) => {
                    operator.apply(distance, 0).map(Term::number).map_err(|_| "division by zero")
                }
                None => Ok(self.defer(operator, left, right)),
            },
            _ => Ok(self.defer(operator, left, right)),
        }
    }

    pub(in crate::nasm) fn apply_unary(
        &mut self,
        operator: UnaryOp,
        operand: Term,
    ) -> Result<Term, &'static str> {
        if let Some(number) = operand.as_number() {
            let number = operator.apply(number).map_err(|_| "this number is not a power of two")?;
            let plain = operand.plain || operator != UnaryOp::Neg;
            return Ok(Term { hint: operand.hint, plain, ..Term::number(number) });
        }
        if operand.has_registers() {
            return match operator {
                UnaryOp::Neg => self.subtract(Term::number(0), operand),
                _ => Err("registers can only be added, subtracted and multiplied by a number"),
            };
        }
        if operator == UnaryOp::LogicalNot && self.place(operand.rest).is_some() {
            return Err("`!` takes a number, not an address");
        }
        let node = self.node(&operand);
        Ok(Term::rest(Rest::Expr(self.unit.exprs.push(Expr::Unary(operator, node)))))
    }

    fn add(&mut self, mut left: Term, right: Term) -> Result<Term, &'static str> {
        let (summed, plain) = self.is_sum(&left, &right, 1);
        if !left.add_registers(&right, 1) {
            return Err(TOO_MANY);
        }
        if summed {
            left.hint = Hint::Summed;
        }
        left.plain = plain;
        if left.rest == Rest::None || right.rest == Rest::None {
            left.number = left.number.wrapping_add(right.number);
            if left.rest == Rest::None {
                left.rest = right.rest;
            }
            left.wrt = left.wrt.or(right.wrt);
            return Ok(left);
        }
        let distance = match (self.subtrahend(&left), self.subtrahend(&right)) {
            (Some((number, from)), _) => {
                self.distance(&Term { number: right.number.wrapping_add(number), ..right }, &from)
            }
            (_, Some((number, from))) => {
                self.distance(&Term { number: left.number.wrapping_add(number), ..left }, &from)
            }
            _ => None,
        };
        if let Some(distance) = distance {
            return Ok(Term { registers: left.registers, hint: left.hint, plain, ..Term::number(distance) });
        }
        let sum = self.defer(BinaryOp::Add, left, right);
        Ok(Term { registers: left.registers, hint: left.hint, ..sum })
    }

    fn subtract(&mut self, mut left: Term, right: Term) -> Result<Term, &'static str> {
        let (summed, plain) = self.is_sum(&left, &right, -1);
        if !left.add_registers(&right, -1) {
            return Err(TOO_MANY);
        }
        if summed {
            left.hint = Hint::Summed;
        }
        left.plain = plain;
        if right.rest == Rest::None {
            left.number = left.number.wrapping_sub(right.number);
            return Ok(left);
        }
        if let Some(distance) = self.distance(&left, &right) {
            return Ok(Term { registers: left.registers, hint: left.hint, plain, ..Term::number(distance) });
        }
        let difference = self.defer(BinaryOp::Sub, left, right);
        Ok(Term { registers: left.registers, hint: left.hint, ..difference })
    }

    /// A term that is a number less a place: the number and the place.  `[rax-table+entry]` begins with one.
    fn subtrahend(&self, term: &Term) -> Option<(i64, Term)> {
        let Rest::Expr(id) = term.rest else { return None };
        let (number, place) = match self.unit.exprs.get(id) {
            Expr::Unary(UnaryOp::Neg, place) => (0, place),
            Expr::Binary(BinaryOp::Sub, number, place) => match self.unit.exprs.get(number) {
                Expr::Value(Value::Const(number)) => (number, place),
                _ => return None,
            },
            _ => return None,
        };
        let (rest, offset) = match self.unit.exprs.get(place) {
            Expr::Value(Value::Symbol { symbol, addend }) => (Rest::Symbol(symbol), addend),
            Expr::Here(section, position) => (Rest::Here(section, position), 0),
            _ => return None,
        };
        let plain = term.wrt.is_none();
        plain.then(|| (term.number.wrapping_add(number), Term { number: offset, ..Term::rest(rest) }))
    }

    /// Whether nasm adds two numbers up here, and keeps the sum: a place is a number, its offset, and something else.
    /// And whether there is a number behind it, for a sum of nothing is left out.
    fn is_sum(&self, left: &Term, right: &Term, sign: i64) -> (bool, bool) {
        if !left.plain || !right.plain {
            return (false, left.plain || right.plain);
        }
        let kept = match (self.offset(left), self.offset(right)) {
            (Some(left), Some(right)) => left.wrapping_add(right.wrapping_mul(sign)) != 0,
            _ => true,
        };
        (kept, kept)
    }

    /// The number in a term, if it can be told already; offsets are those of the smallest sizes.
    fn offset(&self, term: &Term) -> Option<i64> {
        let place = match term.rest {
            Rest::None => return Some(term.number),
            Rest::Symbol(symbol) if self.unit.symbol(symbol).external => return Some(term.number),
            rest => self.place(rest),
        };
        let (section, position) = place?;
        Some(term.number.wrapping_add(self.least_offset(section, position) as i64))
    }

    /// `left - right` where it is a number already: places of one section between which every size is known.
    fn distance(&mut self, left: &Term, right: &Term) -> Option<i64> {
        if left.wrt.is_some() || right.wrt.is_some() {
            return None;
        }
        let numbers = left.number.wrapping_sub(right.number);
        if left.rest == right.rest && left.rest != Rest::None {
            return Some(numbers);
        }
        let (section, to) = self.place(left.rest)?;
        let (same, from) = self.place(right.rest)?;
        if section != same {
            return None;
        }
        let distance = self.known_distance(section, from, to)?.wrapping_add(numbers);
        self.note_distance(section, from, to);
        Some(distance)
    }

    /// The place that a term counts from, if it is one.
    pub(in crate::nasm) fn place(&self, rest: Rest) -> Option<(SectionId, Position)> {
        match rest {
            Rest::Here(section, position) => Some((section, position)),
            Rest::Symbol(symbol) => match self.unit.symbol(symbol).definition {
                Definition::Label { section, position } => Some((section, position)),
                _ => None,
            },
            _ => None,
        }
    }

    fn defer(&mut self, operator: BinaryOp, left: Term, right: Term) -> Term {
        let (left, right) = (self.node(&left), self.node(&right));
        Term::rest(Rest::Expr(self.unit.exprs.push(Expr::Binary(operator, left, right))))
    }

    /// A term, registers aside, as a node of the unit's expressions.
    pub(in crate::nasm) fn node(&mut self, term: &Term) -> ExprId {
        match self.value(term) {
            Value::Expr(id) => id,
            other => self.unit.exprs.push(Expr::Value(other)),
        }
    }

    /// A term, registers aside, as a value of the unit.
    pub(in crate::nasm) fn value(&mut self, term: &Term) -> Value {
        let plain = match term.rest {
            Rest::None => Value::Const(term.number),
            Rest::Symbol(symbol) => Value::Symbol { symbol, addend: term.number },
            Rest::Here(section, position) => {
                let here = self.unit.exprs.push(Expr::Here(section, position));
                self.moved(here, term.number)
            }
            Rest::Expr(id) => self.moved(id, term.number),
        };
        let Some(wrt) = term.wrt else { return plain };
        let inner = match plain {
            Value::Expr(id) => id,
            other => self.unit.exprs.push(Expr::Value(other)),
        };
        Value::Expr(self.unit.exprs.push(Expr::Wrt(inner, wrt)))
    }

    fn moved(&mut self, id: ExprId, by: i64) -> Value {
        if by == 0 {
            return Value::Expr(id);
        }
        let by = self.unit.exprs.push(Expr::Value(Value::Const(by)));
        Value::Expr(self.unit.exprs.push(Expr::Binary(BinaryOp::Add, id, by)))
    }

    /// A term, registers aside, as instructions take it.
    #[inline]
    pub(in crate::nasm) fn known(&mut self, term: &Term) -> Known {
        if term.rest == Rest::None && term.wrt.is_none() {
            return Known::Number(term.number);
        }
        let value = self.value(term);
        let address = match term.rest {
            _ if term.wrt.is_some() => true,
            Rest::Here(..) => true,
            Rest::Symbol(symbol) => self.is_address(symbol),
            _ => false,
        };
        if address { Known::Address(value) } else { Known::Later(value) }
    }

    fn is_address(&self, symbol: SymbolId) -> bool {
        let symbol = self.unit.symbol(symbol);
        match symbol.definition {
            Definition::Label { .. } | Definition::Common { .. } => true,
            Definition::Undefined => symbol.external,
            Definition::Equ(_) => false,
        }
    }
}

const TOO_MANY: &str = "an address has at most two registers";

/// A register times a number.
fn scale(left: Term, right: Term) -> Result<Term, &'static str> {
    let (mut term, by) = match (left.as_number(), right.as_number()) {
        (Some(by), None) => (right, by),
        (None, Some(by)) => (left, by),
        _ => return Err("a register can only be multiplied by a number"),
    };
    let small = i32::try_from(by).map_err(|_| "this factor is not possible: 1, 2, 4 and 8 are")?;
    if term.rest != Rest::None && by != 1 {
        return Err("an address cannot be multiplied");
    }
    term.number = term.number.wrapping_mul(by);
    if term.hint == Hint::First {
        term.hint = Hint::Second;
    }
    for register in &mut term.registers {
        register.1 = register.1.saturating_mul(small);
    }
    if by == 0 {
        return Ok(Term::number(0));
    }
    Ok(term)
}
