//! Where the process starts: what was asked for, what the front end said, `_start`, `main`, or the start of `.text`.
//!
//! The choice is made before anything has an address, so that golf can begin with it; a note tells where it is not
//! the usual one.

use super::Options;
use super::patch::Addresses;
use super::relax::Sizes;
use crate::elf::records::{Machine, VirtAddr};
use crate::source::{Diagnostic, Diagnostics, Severity, Span};
use crate::unit::{
    Base, Definition, Fixup, FixupKind, FragmentKind, Offsets, SectionId, SymbolId, Unit, Value, evaluate,
};

/// The entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryPoint {
    /// A byte of a section, by its offset.
    Place(SectionId, u64),
    /// An address that the source named by number.
    Number(VirtAddr),
}

impl EntryPoint {
    /// Its address, once sections have theirs.
    pub(super) fn address(self, addresses: &Addresses) -> VirtAddr {
        match self {
            EntryPoint::Place(section, offset) => {
                VirtAddr(addresses.sections[section.0 as usize].0.wrapping_add(offset))
            }
            EntryPoint::Number(address) => address,
        }
    }
}

/// The section and offset where an executable starts, if it starts in a section.
pub fn entry_place(unit: &Unit, sizes: &Sizes, options: &Options) -> Option<(SectionId, u64)> {
    match find(unit, sizes, options, &mut Diagnostics::new())? {
        EntryPoint::Place(section, offset) => Some((section, offset)),
        EntryPoint::Number(_) => None,
    }
}

/// Lets i386 programs execute sections that code jumps into or that they begin in.
///
/// ld leaves PT_GNU_STACK out where no object has a note about the stack, and the kernel then lets a 32-bit program
/// execute everything.  The layout standard has PT_GNU_STACK, so what is entered must say that it is code.
pub fn mark_entered(unit: &mut Unit, options: &Options) {
    if !options.as_linked || unit.machine != Machine::I386 {
        return;
    }
    let chosen = entry_symbol(unit, options, &mut Diagnostics::new()).flatten();
    let begins = chosen.and_then(|(symbol, _)| section_of(unit, Value::Symbol { symbol, addend: 0 }));
    let code = unit.sections().filter(|(_, section)| section.flags.exec).map(|(id, _)| id);
    let mut open: Vec<SectionId> = code.chain(begins).collect();
    while let Some(id) = open.pop() {
        let flags = &mut unit.sections[id.0 as usize].flags;
        flags.exec |= flags.alloc;
        let is_new = |id: &SectionId| !unit.section(*id).flags.exec && unit.section(*id).flags.alloc;
        open.extend(entered_from(unit, id).filter(is_new));
    }
}

/// Where the branches of a section lead that name a symbol.
fn entered_from(unit: &Unit, id: SectionId) -> impl Iterator<Item = SectionId> + '_ {
    let section = unit.section(id);
    let is_relative = |fixup: &&Fixup| matches!(fixup.kind, FixupKind::Relative { .. });
    let fixups = section.fixups.iter().filter(is_relative).map(|fixup| fixup.value);
    let branches = section.fragments.iter().filter_map(|fragment| match &fragment.kind {
        FragmentKind::Branch(branch) => Some(branch.target),
        _ => None,
    });
    fixups.chain(branches).filter_map(|target| section_of(unit, target))
}

fn section_of(unit: &Unit, value: Value) -> Option<SectionId> {
    let Value::Symbol { symbol, .. } = value else { return None };
    match unit.symbol(symbol).definition {
        Definition::Label { section, .. } => Some(section),
        _ => None,
    }
}

/// Chooses the entry point; `None` after an error was recorded.
pub(super) fn find(
    unit: &Unit,
    sizes: &Sizes,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<EntryPoint> {
    let (symbol, note) = match entry_symbol(unit, options, diagnostics)? {
        Some(found) => found,
        None => return text_start(unit, sizes, diagnostics),
    };
    if let Some(note) = note {
        diagnostics.push(Diagnostic::new(Severity::Note, unit.symbol(symbol).span, note));
    }
    let name = unit.symbol_name(symbol).into_owned();
    match unit.symbol(symbol).definition {
        Definition::Label { section, position } => {
            if !unit.section(section).flags.exec {
                diagnostics.push(not_executable(unit, symbol, section));
                return None;
            }
            Some(EntryPoint::Place(section, sizes.offset(section, position)))
        }
        Definition::Equ(value) => {
            let found = evaluate(unit, sizes, value).ok();
            let place = match found.map(|found| (found.as_number(), found.plus, found.addend as u64)) {
                Some((Some(number), ..)) => Some(EntryPoint::Number(VirtAddr(number as u64))),
                Some((None, Some(Base::Section(section)), offset)) => {
                    Some(EntryPoint::Place(section, offset))
                }
                _ => None,
            };
            if place.is_none() {
                diagnostics
                    .error(unit.symbol(symbol).span, format!("the entry point `{name}` has no address"));
            }
            place
        }
        Definition::Undefined | Definition::Common { .. } => {
            diagnostics.error(unit.symbol(symbol).span, format!("the entry point `{name}` is not defined"));
            None
        }
    }
}

/// The symbol and a note about the choice.  The outer `None` is an error, the inner one "there is none".
#[expect(clippy::option_option, reason = "said in the line above")]
fn entry_symbol(
    unit: &Unit,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Option<(SymbolId, Option<String>)>> {
    let find = |wanted: &str| {
        let name = unit.names.find(wanted.as_bytes())?;
        let defined = |symbol: &crate::unit::Symbol| {
            symbol.name == name && !matches!(symbol.definition, Definition::Undefined)
        };
        let index = unit.symbols.iter().position(defined)?;
        Some(SymbolId(u32::try_from(index).expect("fewer symbols than bytes of source")))
    };
    if let Some(wanted) = &options.entry {
        let Some(found) = find(wanted) else {
            let error = Diagnostic::error(Span::NONE, format!("the entry point `{wanted}` is not defined"));
            diagnostics.push(match near_label(unit, wanted) {
                Some(near) => error.hint(format!("did you mean `-e {near}`?")),
                None => error,
            });
            return None;
        };
        return Some(Some((found, None)));
    }
    if let Some(entry) = unit.entry {
        return Some(Some((entry, None)));
    }
    if let Some(found) = find("_start") {
        return Some(Some((found, None)));
    }
    let note = "there is no `_start`: the program starts at `main`".to_owned();
    Some(find("main").map(|found| (found, Some(note))))
}

fn text_start(unit: &Unit, sizes: &Sizes, diagnostics: &mut Diagnostics) -> Option<EntryPoint> {
    let name = unit.names.find(b".text");
    let text =
        unit.sections().find(|&(id, section)| Some(section.name) == name && sizes.section(unit, id) > 0);
    let code = text
        .or_else(|| unit.sections().find(|&(id, section)| section.flags.exec && sizes.section(unit, id) > 0));
    let Some((id, section)) = code else {
        diagnostics.push(no_code(unit, sizes));
        return None;
    };
    let name = String::from_utf8_lossy(unit.names.get(section.name)).into_owned();
    let text = format!("there is no `_start`: the program starts at the beginning of `{name}`");
    let note = Diagnostic::new(Severity::Note, Span::NONE, text);
    diagnostics.push(match near_label(unit, "_start") {
        Some(near) => note.hint(format!("write `_start` for `{near}`, or `-e {near}`")),
        None => note,
    });
    Some(EntryPoint::Place(id, 0))
}

/// Nothing is executable, perhaps because `.text` is spelt otherwise.
fn no_code(unit: &Unit, sizes: &Sizes) -> Diagnostic {
    let message = "there is no code to start at";
    let meant = unit
        .sections()
        .find(|&(id, section)| sizes.section(unit, id) > 0 && is_nearly_text(unit.names.get(section.name)));
    match meant {
        Some((_, section)) => {
            let name = String::from_utf8_lossy(unit.names.get(section.name));
            Diagnostic::error(section.span, format!("{message}: section `{name}` is not executable"))
                .hint("section .text")
        }
        None => Diagnostic::error(Span::NONE, message)
            .hint("put instructions behind `section .text` and a label `_start:`"),
    }
}

/// `text`, `.TEXT`: to nasm names like any other, and so of data.
fn is_nearly_text(name: &[u8]) -> bool {
    name.strip_prefix(b".").unwrap_or(name).eq_ignore_ascii_case(b"text")
}

/// The name of a label that is spelt nearly so.
fn near_label(unit: &Unit, wanted: &str) -> Option<String> {
    let labels = unit.symbols.iter().filter(|one| matches!(one.definition, Definition::Label { .. }));
    let names = labels.map(|one| unit.names.get(one.name));
    let near = crate::source::nearest(wanted.as_bytes(), names);
    near.first().map(|name| String::from_utf8_lossy(name).into_owned())
}

/// `section text` without the dot is data to nasm: the process would start in a page it cannot execute.
fn not_executable(unit: &Unit, symbol: SymbolId, section: SectionId) -> Diagnostic {
    let name = unit.symbol_name(symbol);
    let section = unit.section(section);
    let section_name = String::from_utf8_lossy(unit.names.get(section.name)).into_owned();
    let message = format!("the entry point `{name}` is in section `{section_name}`, which is not executable");
    let error =
        Diagnostic::error(unit.symbol(symbol).span, message).label(section.span, "the section begins here");
    if is_nearly_text(section_name.as_bytes()) {
        error.hint("section .text")
    } else {
        error.hint(format!("section {section_name} exec"))
    }
}
