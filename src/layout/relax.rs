//! Sizes for everything that has none: branches, sized instructions, alignments, fills, reserves.
//!
//! Every branch starts short and every sized instruction with its first candidate, as nasm's `-Ox` does; a pass over
//! all fragments finds those that do not reach, and makes them larger.  A branch or candidate never goes back, so
//! the passes end; alignments and fills follow whatever the others became.  (At `-O0` and `-O1` sized instructions
//! begin with their last candidate instead, as nasm's do, and the one that fits is taken anew in every pass.)
//!
//! ```text
//! prefix[i] = bytes of the fragments before i      offset of a position = literal + prefix[fragment]
//! pass 0: all short → prefix
//! pass 1: the jump over 130 bytes does not reach → near
//! pass 2: prefix moved by 3 (a jump across it may not reach any more) …
//! ```
//!
//! Branches and sized instructions are measured with the offsets of the pass before, never with a mixture: while no
//! alignment moves, every distance is then at most the final one, so only what must grow grows, and the result is the
//! smallest there is.  (Were starts measured in this pass and forward targets in the last, a target could seem to lie
//! far behind.)  Alignments and counts may go back and take the newest offsets, since mostly they ask how much stands
//! before them: a thousand of them in a row settle in one pass.  A pass is linear in the number of fragments; real
//! code needs a handful of passes.

use crate::source::{Diagnostic, Diagnostics};
use crate::unit::{
    Base, Branch, Candidate, Definition, EvalError, Evaluated, Fragment, FragmentKind, Offsets, Position,
    Section, SectionId, Sized, Unit, Value, evaluate,
};

/// After this many passes the rest is taken to move for ever.
const MOST_PASSES: usize = 500;

/// While passes have these numbers a candidate may also become shorter.
const EARLY_PASSES: usize = 20;

/// The sizes of a unit's fragments: from here on no size changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    sections: Vec<SectionSizes>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SectionSizes {
    /// Bytes of the fragments before each, and at the end of all.
    prefix: Vec<u64>,
    /// For a branch 0 is short and 1 near, for a sized fragment the candidate's number in its range.
    picks: Vec<u8>,
}

impl Offsets for Sizes {
    #[inline]
    fn offset(&self, section: SectionId, position: Position) -> u64 {
        u64::from(position.literal) + self.sections[section.0 as usize].prefix[position.fragment as usize]
    }
}

impl Sizes {
    /// Bytes of a whole section.
    pub fn section(&self, unit: &Unit, section: SectionId) -> u64 {
        self.offset(section, unit.section(section).end())
    }

    /// Which form of a branch (0 short, 1 near) or which candidate of a sized fragment was picked.
    pub fn pick(&self, section: SectionId, fragment: usize) -> usize {
        usize::from(self.sections[section.0 as usize].picks[fragment])
    }

    /// Bytes of one fragment.
    pub fn fragment(&self, section: SectionId, fragment: usize) -> u64 {
        let prefix = &self.sections[section.0 as usize].prefix;
        prefix[fragment + 1] - prefix[fragment]
    }
}

/// Finds sizes for every fragment; `None` after an error was recorded: a count that is no number or negative, an
/// expression without a value, sizes that never settle.
pub fn relax(unit: &Unit, diagnostics: &mut Diagnostics) -> Option<Sizes> {
    let before = diagnostics.error_count();
    let mut sizes = Sizes {
        sections: unit
            .sections
            .iter()
            .map(|section| SectionSizes {
                prefix: vec![0; section.fragments.len() + 1],
                picks: vec![0; section.fragments.len()],
            })
            .collect(),
    };
    let mut next = sizes.clone();
    for turn in 0..MOST_PASSES {
        next.clone_from(&sizes);
        pass(unit, &sizes, &mut next, turn);
        std::mem::swap(&mut sizes, &mut next);
        if turn > 0 && sizes == next {
            report(unit, &sizes, diagnostics);
            return (diagnostics.error_count() == before).then_some(sizes);
        }
    }
    let moving =
        unit.sections.iter().flat_map(|section| &section.fragments).find(|fragment| is_computed(fragment));
    let span = moving.map(|fragment| fragment.span).unwrap_or_default();
    diagnostics.push(Diagnostic::error(span, "the sizes of this program never settle").note(format!(
        "after {MOST_PASSES} passes a count still depends on a position that depends on the count"
    )));
    None
}

fn is_computed(fragment: &Fragment) -> bool {
    matches!(fragment.kind, FragmentKind::Fill(_) | FragmentKind::Reserve { .. } | FragmentKind::Align(_))
}

/// One pass over everything: the sizes that follow from the last pass's offsets, of which `next` is a copy to be
/// overwritten.  In the first there are none, and everything has its smallest form.
fn pass(unit: &Unit, last: &Sizes, next: &mut Sizes, turn: usize) {
    let first = turn == 0;
    for (id, section) in unit.sections() {
        let mut total = 0;
        for (index, fragment) in section.fragments.iter().enumerate() {
            let start = total + u64::from(fragment.literal);
            let (pick, size) = match &fragment.kind {
                FragmentKind::Branch(branch) if first => (0, branch.short.len() as u64 + 1),
                FragmentKind::Sized(sized) if first => {
                    let pick = if sized.from_last { sized.candidates.len() - 1 } else { 0 };
                    (pick, section.candidates[sized.candidates.start as usize + pick].encoding.len() as u64)
                }
                _ => size(unit, &Turn { number: turn, last, newest: next }, id, section, index, start),
            };
            let own = &mut next.sections[id.0 as usize];
            own.picks[index] = u8::try_from(pick).expect("an instruction has fewer than 256 encodings");
            total += size;
            own.prefix[index + 1] = total;
        }
    }
}

/// Which pass it is, and the sizes that it goes by: those of the one before, and those that it has found so far.
struct Turn<'a> {
    number: usize,
    last: &'a Sizes,
    newest: &'a Sizes,
}

/// The pick and the bytes of one fragment that begins at `start` in this pass.  What cannot be evaluated counts as
/// nothing here; [`report`] tells about it once everything else is settled.
fn size(
    unit: &Unit,
    &Turn { number: turn, last, newest }: &Turn<'_>,
    id: SectionId,
    section: &Section,
    index: usize,
    start: u64,
) -> (usize, u64) {
    let number = |value| evaluate(unit, newest, value).ok().and_then(Evaluated::as_number).unwrap_or(0);
    let count = |value| u64::try_from(number(value)).unwrap_or(0);
    let fragment = &section.fragments[index];
    match &fragment.kind {
        FragmentKind::Branch(branch) => {
            let start = last.sections[id.0 as usize].prefix[index] + u64::from(fragment.literal);
            branch_size(unit, last, id, branch, start, last.pick(id, index))
        }
        FragmentKind::Sized(sized) => {
            let candidates =
                &section.candidates[sized.candidates.start as usize..sized.candidates.end as usize];
            let (from, sizes) = match sized.from_last {
                true => (0, newest),
                // A distance that is no multiple now may be one when others have grown.
                false if turn < EARLY_PASSES && candidates.iter().any(Candidate::has_unit) => (0, last),
                false => (last.pick(id, index), last),
            };
            let pick = candidate(unit, sizes, section, sized, from);
            let candidate = &section.candidates[sized.candidates.start as usize + pick];
            (pick, candidate.encoding.len() as u64)
        }
        FragmentKind::Align(align) => {
            let gap = start.wrapping_neg() & (align.boundary - 1);
            let unit = if align.nops.is_some() { 1 } else { align.pattern.len() as u64 };
            (0, gap * unit.max(1))
        }
        FragmentKind::Fill(fill) => {
            let turns = u64::try_from(crate::unit::Fill::turns(number(fill.count))).unwrap_or(0);
            (0, turns.saturating_mul(fill.pattern.len() as u64))
        }
        FragmentKind::Reserve { size } => (0, count(*size)),
    }
}

fn branch_size(
    unit: &Unit,
    sizes: &Sizes,
    id: SectionId,
    branch: &Branch,
    start: u64,
    pick: usize,
) -> (usize, u64) {
    let near = (1, branch.near.len() as u64 + u64::from(branch.near_width));
    if pick == 1 {
        return near;
    }
    let short = branch.short.len() as u64 + 1;
    let end = start + short;
    match target_offset(unit, sizes, id, branch.target) {
        Some(target) if (-128..=127).contains(&(target as i64).wrapping_sub(end as i64)) => (0, short),
        _ => near,
    }
}

/// The offset of a branch's target, if it is in this section.
fn target_offset(unit: &Unit, sizes: &Sizes, id: SectionId, target: Value) -> Option<u64> {
    if let Value::Symbol { symbol, addend } = target
        && let Definition::Label { section, position } = unit.symbol(symbol).definition
    {
        return (section == id).then(|| sizes.offset(section, position).wrapping_add(addend as u64));
    }
    let found = evaluate(unit, sizes, target).ok()?;
    let here = found.plus == Some(Base::Section(id)) && found.minus.is_none() && found.wrt.is_none();
    here.then_some(found.addend as u64)
}

/// The first candidate from `pick` on that takes both values.
fn candidate(unit: &Unit, sizes: &Sizes, section: &Section, sized: &Sized, pick: usize) -> usize {
    let values = sized.values.map(|value| evaluate(unit, sizes, value).ok());
    let range = sized.candidates.start as usize..sized.candidates.end as usize;
    let candidates = &section.candidates[range];
    let fits = |candidate: &Candidate| {
        candidate.fields.iter().zip(&values).all(|(field, value)| match (field, value) {
            (None, _) => true,
            (Some((_, accept)), Some(value)) => match value.as_number() {
                Some(number) => accept.takes(number),
                None => *accept == crate::unit::Accept::Any,
            },
            (Some((_, accept)), None) => *accept == crate::unit::Accept::Any,
        })
    };
    let found = candidates.iter().skip(pick).position(fits);
    found.map_or(candidates.len() - 1, |offset| pick + offset)
}

/// The mistakes that sizing met, once for each fragment.
fn report(unit: &Unit, sizes: &Sizes, diagnostics: &mut Diagnostics) {
    for section in &unit.sections {
        for fragment in &section.fragments {
            let (what, value) = match &fragment.kind {
                FragmentKind::Fill(fill) => ("the count", fill.count),
                FragmentKind::Reserve { size } => ("the size", *size),
                _ => continue,
            };
            match evaluate(unit, sizes, value).map(Evaluated::as_number) {
                Ok(Some(number)) if number >= 0 => {}
                Ok(Some(number)) => {
                    diagnostics.push(
                        Diagnostic::error(fragment.span, format!("{what} is negative: {number}"))
                            .hint("the contents before it are too long by that many bytes"),
                    );
                }
                Ok(None) => {
                    diagnostics.error(fragment.span, format!("{what} is an address; it must be a number"))
                }
                Err(error) => diagnostics.push(eval_error(unit, fragment.span, error)),
            }
        }
    }
}

/// The diagnostic for a value that cannot be computed.
pub(super) fn eval_error(unit: &Unit, span: crate::source::Span, error: EvalError) -> Diagnostic {
    match error {
        EvalError::Circular(symbol) => {
            let name = unit.symbol_name(symbol);
            Diagnostic::error(span, format!("`{name}` is defined by itself"))
                .label(unit.symbol(symbol).span, "defined here")
        }
        EvalError::Undefined(symbol) => crate::unit::undefined_error(unit, symbol),
        other => Diagnostic::error(span, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::records::Machine;
    use crate::source::Span;
    use crate::unit::{
        BinaryOp, Encoding, Expr, Fill, Position, SectionFlags, SectionKind, Symbol, SymbolId,
    };

    /// One section, made of jumps to labels and of plain bytes.
    struct Code {
        unit: Unit,
    }

    impl Code {
        fn new(labels: usize) -> Self {
            let mut unit = Unit::new(Machine::X86_64);
            let name = unit.names.intern(b".text");
            unit.sections.push(Section::new(name, SectionKind::Progbits, SectionFlags::TEXT, Span::NONE));
            let name = unit.names.intern(b"label");
            unit.symbols = vec![Symbol::new(name, Span::NONE); labels];
            Code { unit }
        }

        fn kind(&mut self, kind: FragmentKind) {
            let section = &mut self.unit.sections[0];
            let literal = section.end().literal;
            section.fragments.push(Fragment { literal, span: Span::NONE, kind });
        }

        fn jump(&mut self, label: u32) {
            self.kind(FragmentKind::Branch(Branch {
                target: Value::Symbol { symbol: SymbolId(label), addend: 0 },
                short: Encoding::new(&[0xeb]).unwrap(),
                near: Encoding::new(&[0xe9]).unwrap(),
                near_width: 4,
            }));
        }

        fn bytes(&mut self, count: usize) {
            let section = &mut self.unit.sections[0];
            section.literal.resize(section.literal.len() + count, 0x90);
        }

        fn label(&mut self, label: usize) {
            let position = self.unit.sections[0].end();
            self.unit.symbols[label].definition = Definition::Label { section: SectionId(0), position };
        }

        fn sizes(&self) -> Vec<u64> {
            let sizes = relax(&self.unit, &mut Diagnostics::new()).unwrap();
            (0..self.unit.sections[0].fragments.len()).map(|i| sizes.fragment(SectionId(0), i)).collect()
        }
    }

    #[test]
    fn a_jump_is_short_up_to_127_bytes_on_and_128_back() {
        let check = |between: usize, expected: &[u64]| {
            let mut code = Code::new(2);
            code.jump(0);
            code.bytes(between);
            code.label(0);
            assert_eq!(code.sizes(), expected);
            let mut code = Code::new(1);
            code.label(0);
            code.bytes(between - 1);
            code.jump(0);
            assert_eq!(code.sizes(), expected);
        };
        check(127, &[2]);
        check(128, &[5]);
    }

    #[test]
    fn a_growing_jump_makes_the_one_around_it_grow() {
        let mut code = Code::new(2);
        code.jump(0); // 2 + 125 bytes on: short, until the inner one grows by 3
        code.jump(1);
        code.bytes(125);
        code.label(0);
        code.bytes(100);
        code.label(1);
        assert_eq!(code.sizes(), [2 + 3, 5]);
    }

    #[test]
    fn many_short_jumps_ahead_do_not_make_a_forward_jump_seem_far() {
        let mut code = Code::new(1001);
        for label in 0..500 {
            code.jump(label);
            code.label(label as usize);
        }
        code.jump(1000); // near: its growth moves everything behind it
        for label in 500..1000 {
            code.jump(label);
            code.label(label as usize);
        }
        code.bytes(100);
        code.label(1000);
        let sizes = code.sizes();
        assert_eq!(sizes.iter().filter(|&&size| size == 5).count(), 1);
        assert_eq!(sizes.iter().sum::<u64>(), 2 * 1000 + 5);
    }

    #[test]
    fn paddings_written_as_counts_settle_however_many_there_are() {
        let mut code = Code::new(1);
        code.unit.sections[0].patterns.push(0x90);
        for _ in 0..2000 {
            code.bytes(3);
            let section = SectionId(0);
            let here = Position { ..code.unit.sections[0].end() };
            let exprs = &mut code.unit.exprs;
            let here = exprs.push(Expr::Here(section, here));
            let start = exprs.push(Expr::SectionStart(section));
            let gap = exprs.push(Expr::Binary(BinaryOp::Sub, start, here));
            let mask = exprs.push(Expr::Value(Value::Const(7)));
            let count = Value::Expr(exprs.push(Expr::Binary(BinaryOp::And, gap, mask)));
            code.kind(FragmentKind::Fill(Fill { count, pattern: 0..1 }));
        }
        assert_eq!(code.sizes(), [5; 2000]);
    }

    #[test]
    fn a_count_that_moves_itself_is_an_error() {
        let mut code = Code::new(1);
        code.unit.sections[0].patterns.push(0x90);
        // times 1 - (end - 0) db 0 / end: one byte if there is none, none if there is one.
        let one = code.unit.exprs.push(Expr::Value(Value::Const(1)));
        let start = code.unit.exprs.push(Expr::SectionStart(SectionId(0)));
        let end = code.unit.exprs.push(Expr::Value(Value::Symbol { symbol: SymbolId(0), addend: 0 }));
        let length = code.unit.exprs.push(Expr::Binary(BinaryOp::Sub, end, start));
        let count = Value::Expr(code.unit.exprs.push(Expr::Binary(BinaryOp::Sub, one, length)));
        code.kind(FragmentKind::Fill(Fill { count, pattern: 0..1 }));
        code.label(0);
        let mut diagnostics = Diagnostics::new();
        assert!(relax(&code.unit, &mut diagnostics).is_none());
        assert_eq!(diagnostics.iter().next().unwrap().message, "the sizes of this program never settle");
    }
}
