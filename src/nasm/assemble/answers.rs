//! Numbers that are needed before every size is known.
//!
//! `%if $-$$ > 510` or `times x-y call f` may stand behind jumps that have no size yet.  Such a question gets a
//! provisional answer and is remembered; when relaxation has found the sizes, the true answers are compared, and if
//! one differs the source is assembled again with them, until nothing changes:
//!
//! ```text
//! jmp l                  first run: x = 2, the jump taken as short
//! %assign x $-$$         relaxation: the jump is near, x should have been 5
//! times 200 db x         second run: x = 5; the sizes agree
//! l:
//! ```
//!
//! nasm gets there by running every source several times; here a source that asks nothing runs once.

use super::Program;
use crate::unit::{
    Base, BinaryOp, Definition, Evaluated, Expr, Offsets, Position, SectionId, Symbol, UnaryOp, Unit, Value,
    evaluate, places, symbols,
};

/// The questions of one run, and the answers that the next one gets.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// What the run was told, in the order of asking; `None` is a question whose answer is no number.
    given: Vec<Option<i64>>,
    /// What it asked; the answer that it got where it was told none.
    asked: Vec<(Value, i64)>,
}

impl Answers {
    /// Whether the last run asked anything.
    pub fn is_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Compares the answers with the sizes that came of them; true when all hold.  Otherwise the next run is told
    /// the new ones.
    pub fn settle(&mut self, unit: &Unit, sizes: &impl Offsets) -> bool {
        let answer =
            |&(value, _): &(Value, i64)| evaluate(unit, sizes, value).ok().and_then(Evaluated::as_number);
        let now: Vec<Option<i64>> = self.asked.iter().map(answer).collect();
        let settled = self.asked.iter().zip(&now).all(|(&(_, given), &now)| Some(given) == now);
        self.given = now;
        settled
    }

    pub(super) fn begin(&mut self) {
        self.asked.clear();
    }
}

/// Sizes as far as they are known.
struct Guess<'a>(&'a Program);

impl Offsets for Guess<'_> {
    fn offset(&self, section: SectionId, position: Position) -> u64 {
        self.0.least_offset(section, position)
    }
}

impl Program {
    /// The number of a value in which a later line may define a name: 0 until it is known, `None` when it proved to be
    /// no number.
    pub(super) fn ask_late(&mut self, value: Value) -> Option<i64> {
        let answer = self.answers.given.get(self.answers.asked.len()).copied().unwrap_or(Some(0))?;
        self.answers.asked.push((value, answer));
        Some(answer)
    }

    /// Whether a value needs a name that a later line may define.
    fn is_late(&self, value: Value) -> bool {
        let undefined =
            |symbol: &Symbol| !symbol.external && matches!(symbol.definition, Definition::Undefined);
        symbols(&self.unit, value).into_iter().any(|symbol| undefined(self.unit.symbol(symbol)))
    }

    /// The section that an address lies in.
    pub(super) fn section_of(&self, value: Value) -> Option<SectionId> {
        match evaluate(&self.unit, &Guess(self), value).ok()?.plus {
            Some(Base::Section(section)) => Some(section),
            _ => None,
        }
    }

    /// How often names that are not defined yet are added in a value, less how often they are subtracted: while that is
    /// 0 nasm takes the value for a number.  `None` for one that is none: it counts from a place that is known, or
    /// computes with a name.  `depth` bounds the nesting that is looked at.
    pub(super) fn unknowns(&self, value: Value, depth: u32) -> Option<i64> {
        let depth = depth.checked_sub(1)?;
        let id = match value {
            Value::Const(_) => return Some(0),
            Value::Symbol { symbol, .. } => {
                return match self.unit.symbol(symbol).definition {
                    Definition::Undefined => Some(1),
                    Definition::Equ(value) => self.unknowns(value, depth),
                    _ => None,
                };
            }
            Value::Expr(id) => id,
        };
        let of = |id| self.unknowns(Value::Expr(id), depth);
        let number = |id| of(id).filter(|&unknowns| unknowns == 0);
        match self.unit.exprs.get(id) {
            Expr::Value(value) => self.unknowns(value, depth),
            Expr::Unary(UnaryOp::Neg, of_what) => Some(-of(of_what)?),
            Expr::Unary(_, of_what) => number(of_what),
            Expr::Binary(BinaryOp::Add, left, right) => Some(of(left)? + of(right)?),
            Expr::Binary(BinaryOp::Sub, left, right) => Some(of(left)? - of(right)?),
            Expr::Binary(_, left, right) => number(left).and(number(right)),
            Expr::Conditional(..) | Expr::Here(..) | Expr::SectionStart(_) | Expr::Wrt(..) => None,
        }
    }

    /// An offset, when what has no size yet counts as the shortest jump.
    pub(in crate::nasm) fn least_offset(&self, section: SectionId, position: Position) -> u64 {
        let (unknown, known) = self.known_before(section, position);
        u64::from(position.literal) + known + 2 * u64::from(unknown)
    }

    /// A provisional number for a value; `None` when it can be no number, whatever the sizes.
    pub(super) fn ask(&mut self, value: Value) -> Option<i64> {
        let guess = evaluate(&self.unit, &Guess(self), value).ok().and_then(Evaluated::as_number);
        let Some(guess) = guess else {
            return if self.is_late(value) { self.ask_late(value) } else { None };
        };
        let answer = self.answers.given.get(self.answers.asked.len()).copied().unwrap_or(Some(guess))?;
        self.answers.asked.push((value, answer));
        let places = places(&self.unit, value);
        for (index, &(section, from)) in places.iter().enumerate() {
            for &(other, to) in &places[index + 1..] {
                if section == other {
                    self.note_distance(section, from, to);
                }
            }
        }
        Some(answer)
    }
}
