//! Sizes for everything that has none: branches, sized instructions, alignments, fills, reserves.
//!
//! Every branch starts short and every sized instruction with its first candidate, as nasm's `-Ox` does; a pass over
//! all fragments finds those that do not reach, and makes them larger.  A branch or candidate never goes back, so
//! the passes end; alignments and fills follow whatever the others became.
//!
//! ```text
//! prefix[i] = bytes of the fragments before i      offset of a position = literal + prefix[fragment]
//! pass 1: all short → prefix → the jump over 130 bytes does not reach → near
//! pass 2: prefix moved by 3 (a jump across it may not reach any more) …
//! ```
//!
//! A pass is linear in the number of fragments; real code needs a handful of passes.

use crate::source::{Diagnostic, Diagnostics};
use crate::unit::{
    Base, Branch, Definition, EvalError, Evaluated, Fragment, FragmentKind, Offsets, Position, Section,
    SectionId, Sized, Unit, Value, evaluate,
};

/// After this many passes the rest is taken to move for ever.
const MOST_PASSES: usize = 500;

/// The sizes of a unit's fragments: from here on no size changes.
#[derive(Clone, Debug)]
pub struct Sizes {
    sections: Vec<SectionSizes>,
}

#[derive(Clone, Debug)]
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
    for _ in 0..MOST_PASSES {
        if !pass(unit, &mut sizes) {
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

/// One pass over everything; whether anything changed.
fn pass(unit: &Unit, sizes: &mut Sizes) -> bool {
    let mut changed = false;
    for (id, section) in unit.sections() {
        let mut total = 0;
        for (index, fragment) in section.fragments.iter().enumerate() {
            let start = total + u64::from(fragment.literal);
            let pick = sizes.pick(id, index);
            let (pick, size) = size(unit, sizes, id, section, index, start, pick);
            let own = &mut sizes.sections[id.0 as usize];
            own.picks[index] = u8::try_from(pick).expect("an instruction has fewer than 256 encodings");
            total += size;
            changed |= own.prefix[index + 1] != total;
            own.prefix[index + 1] = total;
        }
    }
    changed
}

/// The pick and the bytes of one fragment that starts at offset `start`, as things stand.  What cannot be evaluated
/// counts as nothing here; [`report`] tells about it once everything else is settled.
fn size(
    unit: &Unit,
    sizes: &Sizes,
    id: SectionId,
    section: &Section,
    index: usize,
    start: u64,
    pick: usize,
) -> (usize, u64) {
    let number = |value| evaluate(unit, sizes, value).ok().and_then(Evaluated::as_number).unwrap_or(0);
    let count = |value| u64::try_from(number(value)).unwrap_or(0);
    match &section.fragments[index].kind {
        FragmentKind::Branch(branch) => branch_size(unit, sizes, id, branch, start, pick),
        FragmentKind::Sized(sized) => {
            let pick = candidate(unit, sizes, section, sized, pick);
            let candidate = &section.candidates[sized.candidates.start as usize + pick];
            (pick, candidate.encoding.len() as u64)
        }
        FragmentKind::Align(align) => {
            let gap = start.wrapping_neg() & (align.boundary - 1);
            let unit = if align.nops.is_empty() { align.pattern.len() as u64 } else { 1 };
            (0, gap * unit.max(1))
        }
        FragmentKind::Fill(fill) => (0, count(fill.count).saturating_mul(fill.pattern.len() as u64)),
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
        // Forward targets were measured in the last pass, in which this fragment began somewhere else; by the last
        // pass nothing moves and the distance is exact.
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
    let fits = |candidate: &crate::unit::Candidate| {
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
