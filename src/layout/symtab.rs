//! The symbol table of an executable, `--symbols`: labels and constants for nm, gdb and objdump.
//!
//! In: placed sections and the number of each one's header.  Out: the bytes of `.symtab` and `.strtab`.  Local symbols
//! come first, as the gABI (ch. 4, "Symbol Table") wants; each in the order of definition.

use super::patch::Addresses;
use super::records::{Place, Record, Records, binding, st_type, visibility};
use super::relax::Sizes;
use crate::elf::records::VirtAddr;
use crate::unit::{
    Base, Binding, Definition, Evaluated, Offsets, Symbol, SymbolId, SymbolKind, Unit, Value, evaluate,
};

/// The tables `.symtab` and `.strtab`.
pub(super) struct SymbolTable {
    pub(super) records: Vec<u8>,
    /// `.symtab_shndx`, where there is one.
    pub(super) wide: Option<Vec<u8>>,
    pub(super) strings: Vec<u8>,
    /// Index of the first global symbol: `sh_info`.
    pub(super) first_global: u32,
}

/// The table; `headers` is the index of each section's header, 0 for sections that have none, and `tls_start` the first
/// byte of thread-local data.
pub(super) fn symbol_table(
    unit: &Unit,
    sizes: &Sizes,
    addresses: &Addresses,
    headers: &[u32],
    tls_start: Option<VirtAddr>,
) -> SymbolTable {
    let mut order: Vec<SymbolId> = (0..).map(SymbolId).take(unit.symbols.len()).collect();
    order.sort_by_key(|&id| (unit.symbol(id).binding != Binding::Local, unit.symbol(id).order));
    let mut strings = vec![0];
    let mut records = Records::new(unit.machine.class());
    let (mut count, mut first_global) = (1, None);
    for id in order {
        let symbol = unit.symbol(id);
        let Some((value, place)) = place(unit, sizes, addresses, headers, symbol) else { continue };
        let in_template = tls_start.filter(|_| is_thread_local(unit, symbol));
        let kind = if in_template.is_some() { SymbolKind::Tls } else { symbol.kind };
        if symbol.binding != Binding::Local {
            first_global.get_or_insert(count);
        }
        records.push(&Record {
            name: u32::try_from(strings.len()).expect("names are shorter than the source"),
            info: binding(symbol) << 4 | st_type(kind),
            other: visibility(symbol),
            place,
            // A thread's copy may be anywhere: these count from the template (gABI ch. 4, "Symbol Values").
            value: value.wrapping_sub(in_template.map_or(0, |start| start.0)),
            size: size(unit, sizes, symbol),
        });
        strings.extend_from_slice(unit.names.get(symbol.name));
        strings.push(0);
        count += 1;
    }
    let (records, wide) = records.finish();
    SymbolTable { records, wide, strings, first_global: first_global.unwrap_or(count) }
}

/// Value and section header of a symbol; `None` for what a reader has no use for.
fn place(
    unit: &Unit,
    sizes: &Sizes,
    addresses: &Addresses,
    headers: &[u32],
    symbol: &Symbol,
) -> Option<(u64, Place)> {
    let header = |section: crate::unit::SectionId| {
        Some(headers[section.0 as usize]).filter(|&header| header != 0).map(Place::Section)
    };
    match symbol.definition {
        Definition::Undefined | Definition::Common { .. } => None,
        // `..@` labels of macros and `..start` are nasm's own.
        _ if unit.names.get(symbol.name).starts_with(b"..") => None,
        Definition::Label { section, position } => {
            let start = addresses.sections[section.0 as usize].0;
            Some((start.wrapping_add(sizes.offset(section, position)), header(section)?))
        }
        Definition::Equ(value) => {
            let found = evaluate(unit, sizes, value).ok()?;
            match found {
                Evaluated { plus: Some(Base::Section(section)), minus: None, addend, .. } => {
                    let start = addresses.sections[section.0 as usize].0;
                    Some((start.wrapping_add(addend as u64), header(section)?))
                }
                _ => Some((found.as_number()? as u64, Place::Absolute)),
            }
        }
    }
}

fn is_thread_local(unit: &Unit, symbol: &Symbol) -> bool {
    matches!(symbol.definition, Definition::Label { section, .. } if unit.section(section).flags.tls)
}

fn size(unit: &Unit, sizes: &Sizes, symbol: &Symbol) -> u64 {
    let number = |value: Value| evaluate(unit, sizes, value).ok().and_then(Evaluated::as_number);
    symbol.size.and_then(number).map_or(0, |number| number as u64)
}
