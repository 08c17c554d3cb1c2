//! The value of an expression, once positions have offsets.
//!
//! The work list keeps expressions of any depth from overflowing the stack: a sum of a million labels is a chain of a
//! million nodes.

use super::{
    Base, BinaryOp, Definition, EvalError, Evaluated, Expr, Position, SectionId, SymbolId, UnaryOp, Unit,
    Value, Wrt,
};

/// Where positions lie: offsets from the start of their section, in bytes.
pub trait Offsets {
    /// The offset of a position.
    fn offset(&self, section: SectionId, position: Position) -> u64;
}

/// What is left to do: operands are pushed as `Eval`, operators wait beneath them.
enum Task {
    Eval(Value),
    Unary(UnaryOp),
    Binary(BinaryOp),
    Choose(Value, Value),
    Wrt(Wrt),
    Move(i64),
    /// The value of the symbol opened last is complete.
    Leave,
}

/// Evaluates a value: a number, or an address as base and addend.
///
/// # Errors
/// When an operator cannot take its operands, or a symbol is defined by itself.  An undefined symbol is no error
/// here: it is a base.
pub fn evaluate(unit: &Unit, offsets: &impl Offsets, value: Value) -> Result<Evaluated, EvalError> {
    match value {
        Value::Const(number) => return Ok(Evaluated::number(number)),
        Value::Symbol { symbol, addend } => {
            if let Some(found) = leaf(unit, offsets, symbol) {
                return Ok(Evaluated { addend: found.addend.wrapping_add(addend), ..found });
            }
        }
        Value::Expr(_) => {}
    }
    run(unit, offsets, value)
}

/// A symbol whose value needs no evaluation.
fn leaf(unit: &Unit, offsets: &impl Offsets, symbol: SymbolId) -> Option<Evaluated> {
    let base = |addend, base| Some(Evaluated { addend, plus: Some(base), ..Evaluated::default() });
    match unit.symbol(symbol).definition {
        Definition::Label { section, position } => {
            base(offsets.offset(section, position) as i64, Base::Section(section))
        }
        Definition::Equ(Value::Const(number)) => Some(Evaluated::number(number)),
        Definition::Undefined | Definition::Common { .. } => base(0, Base::Symbol(symbol)),
        Definition::Equ(_) => None,
    }
}

fn run(unit: &Unit, offsets: &impl Offsets, value: Value) -> Result<Evaluated, EvalError> {
    let mut tasks = vec![Task::Eval(value)];
    let mut values: Vec<Sum> = Vec::new();
    let mut open: Vec<SymbolId> = Vec::new();
    const ENOUGH: &str = "operands were pushed before their operator";
    while let Some(task) = tasks.pop() {
        match task {
            Task::Eval(value) => visit(unit, offsets, value, &mut tasks, &mut values, &mut open)?,
            Task::Unary(op) => {
                let operand = values.pop().expect(ENOUGH);
                values.push(unary(op, operand)?);
            }
            Task::Binary(op) => {
                let right = values.pop().expect(ENOUGH);
                let left = values.pop().expect(ENOUGH);
                values.push(binary(op, left, right)?);
            }
            Task::Choose(then, otherwise) => {
                let condition = values.pop().expect(ENOUGH).as_number().ok_or(EvalError::NotScalar)?;
                tasks.push(Task::Eval(if condition != 0 { then } else { otherwise }));
            }
            Task::Wrt(wrt) => values.last_mut().expect(ENOUGH).wrt = Some(wrt),
            Task::Move(by) => {
                let moved = values.last_mut().expect(ENOUGH);
                moved.addend = moved.addend.wrapping_add(by);
            }
            Task::Leave => {
                open.pop();
            }
        }
    }
    values.pop().expect("every expression has a value").finish()
}

fn visit(
    unit: &Unit,
    offsets: &impl Offsets,
    value: Value,
    tasks: &mut Vec<Task>,
    values: &mut Vec<Sum>,
    open: &mut Vec<SymbolId>,
) -> Result<(), EvalError> {
    let id = match value {
        Value::Const(number) => {
            values.push(Sum::number(number));
            return Ok(());
        }
        Value::Symbol { symbol, addend } => {
            tasks.push(Task::Move(addend));
            if let Some(found) = leaf(unit, offsets, symbol) {
                values.push(found.into());
                return Ok(());
            }
            if open.contains(&symbol) {
                return Err(EvalError::Circular(symbol));
            }
            open.push(symbol);
            tasks.push(Task::Leave);
            if let Definition::Equ(value) = unit.symbol(symbol).definition {
                tasks.push(Task::Eval(value));
            }
            return Ok(());
        }
        Value::Expr(id) => id,
    };
    let address = |section, offset: u64| Sum {
        addend: offset as i64,
        bases: vec![(Base::Section(section), 1)],
        wrt: None,
    };
    match unit.exprs.get(id) {
        Expr::Value(inner) => tasks.push(Task::Eval(inner)),
        Expr::Here(section, position) => values.push(address(section, offsets.offset(section, position))),
        Expr::SectionStart(section) => values.push(address(section, 0)),
        Expr::Unary(op, a) => tasks.extend([Task::Unary(op), Task::Eval(Value::Expr(a))]),
        Expr::Binary(op, a, b) => {
            tasks.extend([Task::Binary(op), Task::Eval(Value::Expr(b)), Task::Eval(Value::Expr(a))]);
        }
        Expr::Conditional(a, b, c) => {
            tasks.extend([Task::Choose(Value::Expr(b), Value::Expr(c)), Task::Eval(Value::Expr(a))]);
        }
        Expr::Wrt(a, wrt) => tasks.extend([Task::Wrt(wrt), Task::Eval(Value::Expr(a))]),
    }
    Ok(())
}

/// A value on the way: a number, and how often each base was added (nasm's vectors).  `a + $$ - b` passes through a
/// sum of two bases before one of them cancels.
#[derive(Clone, Debug, Default)]
struct Sum {
    addend: i64,
    /// Bases with their factors, none of them zero.
    bases: Vec<(Base, i64)>,
    wrt: Option<Wrt>,
}

impl Sum {
    fn number(addend: i64) -> Self {
        Sum { addend, ..Sum::default() }
    }

    fn as_number(&self) -> Option<i64> {
        (self.bases.is_empty() && self.wrt.is_none()).then_some(self.addend)
    }

    fn add(mut self, other: Sum) -> Sum {
        self.addend = self.addend.wrapping_add(other.addend);
        for (base, factor) in other.bases {
            match self.bases.iter_mut().find(|one| one.0 == base) {
                Some(one) => one.1 = one.1.wrapping_add(factor),
                None => self.bases.push((base, factor)),
            }
        }
        self.bases.retain(|one| one.1 != 0);
        self.wrt = self.wrt.or(other.wrt);
        self
    }

    fn times(mut self, factor: i64) -> Sum {
        self.addend = self.addend.wrapping_mul(factor);
        for one in &mut self.bases {
            one.1 = one.1.wrapping_mul(factor);
        }
        self.bases.retain(|one| one.1 != 0);
        self
    }

    /// At most one base added once, and one subtracted once: what a linker can express.
    fn finish(self) -> Result<Evaluated, EvalError> {
        let mut out = Evaluated { addend: self.addend, wrt: self.wrt, ..Evaluated::default() };
        for (base, factor) in self.bases {
            let place = if factor == 1 { &mut out.plus } else { &mut out.minus };
            if factor.abs() != 1 || place.is_some() {
                return Err(EvalError::NotScalar);
            }
            *place = Some(base);
        }
        Ok(out)
    }
}

impl From<Evaluated> for Sum {
    fn from(value: Evaluated) -> Self {
        let plus = value.plus.map(|base| (base, 1));
        let minus = value.minus.map(|base| (base, -1));
        Sum { addend: value.addend, bases: plus.into_iter().chain(minus).collect(), wrt: value.wrt }
    }
}

fn unary(op: UnaryOp, operand: Sum) -> Result<Sum, EvalError> {
    if let Some(number) = operand.as_number() {
        return op.apply(number).map(Sum::number);
    }
    match op {
        // `-$ + label`: what was added is subtracted.
        UnaryOp::Neg if operand.wrt.is_none() => Ok(operand.times(-1)),
        UnaryOp::LogicalNot => Ok(Sum::number(0)),
        _ => Err(EvalError::NotScalar),
    }
}

/// The operator on two values; addresses can be added to numbers, subtracted and compared.
///
/// # Errors
/// Division by zero; an address where only numbers have a meaning.
fn binary(op: BinaryOp, left: Sum, right: Sum) -> Result<Sum, EvalError> {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return op.apply(left, right).map(Sum::number);
    }
    match op {
        BinaryOp::Add => Ok(left.add(right)),
        BinaryOp::Sub => Ok(left.add(right.times(-1))),
        BinaryOp::Equal | BinaryOp::NotEqual => {
            let same = left.add(right.times(-1)).as_number() == Some(0);
            Ok(Sum::number(i64::from(same == (op == BinaryOp::Equal))))
        }
        BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Compare => {
            let difference = left.add(right.times(-1)).as_number().ok_or(EvalError::NotScalar)?;
            op.apply(difference, 0).map(Sum::number)
        }
        BinaryOp::Mul => match (left.as_number(), right.as_number()) {
            (Some(factor), None) => Ok(right.times(factor)),
            (None, Some(factor)) => Ok(left.times(factor)),
            _ => Err(EvalError::NotScalar),
        },
        _ => Err(EvalError::NotScalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::records::Machine;
    use crate::source::Span;
    use crate::unit::Symbol;

    struct Literal;

    impl Offsets for Literal {
        fn offset(&self, _: SectionId, position: Position) -> u64 {
            u64::from(position.literal)
        }
    }

    fn here(unit: &mut Unit, section: u32, literal: u32) -> super::super::ExprId {
        unit.exprs.push(Expr::Here(SectionId(section), Position { fragment: 0, literal }))
    }

    fn check(build: impl FnOnce(&mut Unit) -> Expr, expected: Result<Evaluated, EvalError>) {
        let mut unit = Unit::new(Machine::X86_64);
        let expr = build(&mut unit);
        let id = unit.exprs.push(expr);
        assert_eq!(evaluate(&unit, &Literal, Value::Expr(id)), expected);
    }

    #[test]
    fn labels_of_one_section_subtract_to_a_number() {
        check(
            |unit| Expr::Binary(BinaryOp::Sub, here(unit, 0, 12), here(unit, 0, 5)),
            Ok(Evaluated::number(7)),
        );
        check(
            |unit| Expr::Binary(BinaryOp::Less, here(unit, 0, 12), here(unit, 0, 5)),
            Ok(Evaluated::number(0)),
        );
        let both = Evaluated {
            addend: 7,
            plus: Some(Base::Section(SectionId(0))),
            minus: Some(Base::Section(SectionId(1))),
            wrt: None,
        };
        check(|unit| Expr::Binary(BinaryOp::Sub, here(unit, 0, 12), here(unit, 1, 5)), Ok(both));
    }

    #[test]
    fn a_sum_of_bases_may_cancel_later() {
        check(
            |unit| {
                let first = here(unit, 0, 7);
                let second = here(unit, 1, 9);
                let sum = unit.exprs.push(Expr::Binary(BinaryOp::Add, first, second));
                Expr::Binary(BinaryOp::Sub, sum, here(unit, 1, 4))
            },
            Ok(Evaluated { addend: 12, plus: Some(Base::Section(SectionId(0))), ..Evaluated::default() }),
        );
    }

    #[test]
    fn an_address_cannot_be_shifted_or_added_to_another() {
        check(
            |unit| Expr::Binary(BinaryOp::Add, here(unit, 0, 1), here(unit, 0, 1)),
            Err(EvalError::NotScalar),
        );
        check(
            |unit| Expr::Binary(BinaryOp::ShiftRight, here(unit, 0, 1), here(unit, 0, 1)),
            Err(EvalError::NotScalar),
        );
    }

    #[test]
    fn a_chain_of_a_million_operators_and_a_circle_both_end() {
        check(
            |unit| {
                let one = unit.exprs.push(Expr::Value(Value::Const(1)));
                let mut sum = one;
                for _ in 0..1_000_000 {
                    sum = unit.exprs.push(Expr::Binary(BinaryOp::Add, sum, one));
                }
                Expr::Value(Value::Expr(sum))
            },
            Ok(Evaluated::number(1_000_001)),
        );
        check(
            |unit| {
                let name = unit.names.intern(b"a");
                let mut symbol = Symbol::new(name, Span::NONE);
                symbol.definition = Definition::Equ(Value::Symbol { symbol: SymbolId(0), addend: 1 });
                unit.symbols.push(symbol);
                Expr::Value(Value::Symbol { symbol: SymbolId(0), addend: 0 })
            },
            Err(EvalError::Circular(SymbolId(0))),
        );
    }
}
