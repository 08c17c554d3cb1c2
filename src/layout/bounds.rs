//! Symbols that linkers define where a program only names them: where its parts begin and end.
//!
//! ```text
//! __executable_start | headers, code | etext … | data | edata = __bss_start | room | end
//!                          | __start_NAME  section NAME  __stop_NAME |
//! ```
//!
//! The names are those of GNU ld's scripts; each stands for an address.

use super::executable::Placed;
use super::tls;
use crate::elf::records::{Class, VirtAddr};
use crate::unit::{Definition, Section, SectionId, SectionKind, SymbolId, Unit};

/// What such a symbol marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Start,
    CodeEnd,
    DataEnd,
    End,
    ThreadPointer,
    Array(Array, Edge),
    Section(SectionId, Edge),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

/// Sections of addresses of functions, which whoever starts a program calls in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Array {
    PreInit,
    Init,
    Fini,
}

/// The name of the symbol for the address that thread-local data is counted from, one that no source can write.
pub(super) const THREAD_POINTER: &[u8] = b"thread pointer";

fn bound(unit: &Unit, name: &[u8]) -> Option<Bound> {
    Some(match name {
        b"__executable_start" | b"__ehdr_start" => Bound::Start,
        b"etext" | b"_etext" | b"__etext" => Bound::CodeEnd,
        b"edata" | b"_edata" | b"__bss_start" => Bound::DataEnd,
        b"end" | b"_end" => Bound::End,
        b"__preinit_array_start" => Bound::Array(Array::PreInit, Edge::Start),
        b"__preinit_array_end" => Bound::Array(Array::PreInit, Edge::End),
        b"__init_array_start" => Bound::Array(Array::Init, Edge::Start),
        b"__init_array_end" => Bound::Array(Array::Init, Edge::End),
        b"__fini_array_start" => Bound::Array(Array::Fini, Edge::Start),
        b"__fini_array_end" => Bound::Array(Array::Fini, Edge::End),
        THREAD_POINTER => Bound::ThreadPointer,
        _ => {
            let start = name.strip_prefix(b"__start_").map(|section| (section, Edge::Start));
            let (section, edge) =
                start.or_else(|| name.strip_prefix(b"__stop_").map(|section| (section, Edge::End)))?;
            Bound::Section(named_section(unit, section)?, edge)
        }
    })
}

/// A section whose name C could write, for ld names the bounds of no other.
fn named_section(unit: &Unit, name: &[u8]) -> Option<SectionId> {
    let is_word = !name.first()?.is_ascii_digit()
        && name.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = unit.names.find(name).filter(|_| is_word)?;
    unit.sections().find(|(_, section)| section.name == name).map(|(id, _)| id)
}

/// Which array a section is part of, and its turn: `.init_array.5` comes before `.init_array.10`, and those without a
/// number come last.
pub(super) fn array(unit: &Unit, section: &Section) -> Option<(Array, u64)> {
    let known: [(&[u8], Array); 3] =
        [(b".preinit_array", Array::PreInit), (b".init_array", Array::Init), (b".fini_array", Array::Fini)];
    let name = unit.names.get(section.name);
    let (rest, array) =
        known.into_iter().find_map(|(start, array)| Some((name.strip_prefix(start)?, array)))?;
    match rest {
        [] => Some((array, u64::MAX)),
        [b'.', number @ ..] => {
            let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
            Some((array, number.unwrap_or(u64::MAX)))
        }
        _ => None,
    }
}

/// Whether a name that a program only declares is one of these.
pub fn is_bound(unit: &Unit, name: &[u8]) -> bool {
    bound(unit, name).is_some()
}

/// The symbols of a unit that stand for bounds: declared, and defined nowhere.
pub(super) fn named(unit: &Unit) -> impl Iterator<Item = (SymbolId, Bound)> + '_ {
    (0..).zip(&unit.symbols).filter_map(|(index, symbol)| {
        let is_open = symbol.external && matches!(symbol.definition, Definition::Undefined);
        let bound = if is_open { bound(unit, unit.names.get(symbol.name))? } else { return None };
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
        Bound::Array(wanted, edge) => {
            let is_part =
                |one: &Placed| array(unit, unit.section(one.id)).is_some_and(|(array, _)| array == wanted);
            match edge {
                Edge::Start => placed.iter().filter(|one| is_part(one)).map(|one| one.address).min(),
                Edge::End => end_of(&is_part),
            }
            .unwrap_or(base.0)
        }
        Bound::Section(id, edge) => {
            let section = placed.iter().find(|one| one.id == id);
            let start = section.map_or(base.0, |one| one.address);
            match edge {
                Edge::Start => start,
                Edge::End => start + section.map_or(0, |one| one.size),
            }
        }
        // Thread-local data lies before the thread pointer, which keeps its alignment (x86 psABI, "Thread-Local Storage").
        Bound::ThreadPointer => tls::template(unit, placed).map_or(used, |tls| tls.end().0),
        Bound::End => used.next_multiple_of(if unit.machine.class() == Class::Elf64 { 8 } else { 4 }),
    })
}
