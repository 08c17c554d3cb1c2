//! Symbols that linkers define where a program only names them: where its parts begin and end.
//!
//! ```text
//! __executable_start | headers, code | etext … | data | edata = __bss_start | room | end
//! ```
//!
//! The names are those of GNU ld's scripts; each stands for an address.

use super::executable::Placed;
use super::tls;
use crate::elf::records::{Class, VirtAddr};
use crate::unit::{Definition, SectionKind, SymbolId, Unit};

/// What such a symbol marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Start,
    CodeEnd,
    DataEnd,
    End,
    ThreadPointer,
}

/// The name of the symbol for the address that thread-local data is counted from, one that no source can write.
pub(super) const THREAD_POINTER: &[u8] = b"thread pointer";

fn bound(name: &[u8]) -> Option<Bound> {
    Some(match name {
        b"__executable_start" => Bound::Start,
        b"etext" | b"_etext" | b"__etext" => Bound::CodeEnd,
        b"edata" | b"_edata" | b"__bss_start" => Bound::DataEnd,
        b"end" | b"_end" => Bound::End,
        THREAD_POINTER => Bound::ThreadPointer,
        _ => return None,
    })
}

/// Whether a name that a program only declares is one of these.
pub fn is_bound(name: &[u8]) -> bool {
    bound(name).is_some()
}

/// The symbols of a unit that stand for bounds: declared, and defined nowhere.
pub(super) fn named(unit: &Unit) -> impl Iterator<Item = (SymbolId, Bound)> + '_ {
    (0..).zip(&unit.symbols).filter_map(|(index, symbol)| {
        let is_open = symbol.external && matches!(symbol.definition, Definition::Undefined);
        let bound = bound(unit.names.get(symbol.name)).filter(|_| is_open)?;
        Some((SymbolId(index), bound))
    })
}

/// Whether there is any.
pub(super) fn are_named(unit: &Unit) -> bool {
    named(unit).next().is_some()
}

/// The address of such a symbol in a program that is laid out; `base` is where its file begins, `used` where its
/// memory ends.
pub(super) fn address(unit: &Unit, bound: Bound, placed: &[Placed], base: VirtAddr, used: u64) -> VirtAddr {
    let end_of = |wanted: &dyn Fn(&Placed) -> bool| {
        placed.iter().filter(|one| wanted(one)).map(|one| one.address + one.size).max()
    };
    let is_code = |one: &Placed| unit.section(one.id).flags.exec;
    let is_data = |one: &Placed| {
        let section = unit.section(one.id);
        section.flags.write && section.kind != SectionKind::Nobits
    };
    let to_room = |one: &Placed| {
        let section = unit.section(one.id);
        section.kind == SectionKind::Nobits && !section.flags.tls
    };
    VirtAddr(match bound {
        Bound::Start => base.0,
        Bound::CodeEnd => end_of(&is_code).unwrap_or(used),
        Bound::DataEnd => end_of(&is_data)
            .or_else(|| placed.iter().filter(|one| to_room(one)).map(|one| one.address).min())
            .unwrap_or(used),
        // Thread-local data lies before the thread pointer, which keeps its alignment (x86 psABI, "Thread-Local Storage").
        Bound::ThreadPointer => tls::template(unit, placed).map_or(used, |tls| tls.end().0),
        Bound::End => used.next_multiple_of(if unit.machine.class() == Class::Elf64 { 8 } else { 4 }),
    })
}
