//! Sizes for everything that has none: branches, sized instructions, alignments, fills, reserves.
//!
//! Sizes are found in passes, as nasm finds them, so that those that could settle in more than one way settle in the same:
//! in the first pass every jump ahead is short, a number ahead fits the smallest field, and a distance ahead in an
//! address the largest.  Every further pass picks anew, with the newest offsets of what stands before and those of the
//! last pass for what lies ahead.
//!
//! ```text
//! prefix[i] = bytes of the fragments before i      offset of a position = literal + prefix[fragment]
//! pass 0: all short → prefix
//! pass 1: the jump over 130 bytes does not reach → near
//! pass 2: prefix moved by 4 (a jump across it may not reach any more) …
//! ```
//!
//! A jump ahead over 124 to 127 bytes is short or near for good, whichever it was: where it is near its target is four
//! bytes further.  It becomes near where the code before it grows by some hundred bytes in one pass, since its target then
//! seems to lie behind it.
//!
//! What changes for ever is stopped: after a number of passes a branch or candidate never goes back.  Alignments and
//! counts still may; mostly they ask how much stands before them, and a thousand of them in a row settle in one pass.  A
//! pass is linear in the number of fragments; real code needs a handful of passes.

use crate::source::{Diagnostic, Diagnostics};
use crate::unit::{
    Base, Branch, Candidate, Definition, EvalError, Evaluated, First, Fragment, FragmentKind, Offsets,
    Position, Section, SectionId, Sized, Unit, Value, evaluate,
};

/// After this many passes the rest is taken to move for ever.
const MOST_PASSES: usize = 500;

/// While passes have these numbers a branch or candidate may also become shorter.
const FREE_PASSES: usize = 100;

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

/// One pass over everything: `next` is a copy of the last pass's sizes, to be overwritten.
fn pass(unit: &Unit, last: &Sizes, next: &mut Sizes, turn: usize) {
    for (id, section) in unit.sections() {
        let mut total = 0;
        for (index, fragment) in section.fragments.iter().enumerate() {
            let start = total + u64::from(fragment.literal);
            let turn = Turn { number: turn, last, newest: next };
            let (pick, size) = size(unit, &turn, id, section, index, start);
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
    turn: &Turn<'_>,
    id: SectionId,
    section: &Section,
    index: usize,
    start: u64,
) -> (usize, u64) {
    let number = |value| evaluate(unit, turn.newest, value).ok().and_then(Evaluated::as_number).unwrap_or(0);
    let count = |value| u64::try_from(number(value)).unwrap_or(0);
    let fragment = &section.fragments[index];
    match &fragment.kind {
        FragmentKind::Branch(branch) => branch_size(unit, turn, id, branch, index, start),
        FragmentKind::Sized(sized) => {
            let pick = match (turn.number, sized.first) {
                (0, First::Shortest) => 0,
                (0, First::Longest) => sized.candidates.len() - 1,
                (number, _) if number < FREE_PASSES => candidate(unit, turn.newest, section, sized, 0),
                _ => candidate(unit, turn.last, section, sized, turn.last.pick(id, index)),
            };
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
    turn: &Turn<'_>,
    id: SectionId,
    branch: &Branch,
    index: usize,
    start: u64,
) -> (usize, u64) {
    let near = (1, branch.near.len() as u64 + u64::from(branch.near_width));
    let short = branch.short.len() as u64 + 1;
    let (sizes, start) = if turn.number < FREE_PASSES {
        (turn.newest, start)
    } else if turn.last.pick(id, index) == 1 {
        return near;
    } else {
        let literal = u64::from(unit.section(id).fragments[index].literal);
        (turn.last, turn.last.sections[id.0 as usize].prefix[index] + literal)
    };
    if turn.number == 0 && is_ahead(unit, id, branch.target, index) {
        return (0, short);
    }
    let end = start + short;
    match target_offset(unit, sizes, id, branch.target) {
        Some(target) if (-128..=127).contains(&(target as i64).wrapping_sub(end as i64)) => (0, short),
        _ => near,
    }
}

/// Whether a target lies behind a fragment of its section, or may do so.
fn is_ahead(unit: &Unit, id: SectionId, target: Value, index: usize) -> bool {
    match target {
        Value::Symbol { symbol, .. } => match unit.symbol(symbol).definition {
            Definition::Label { section, position } => section == id && position.fragment as usize > index,
            _ => true,
        },
        _ => true,
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
