//! The value of a field in a relocatable object: a number, or what is left to the linker.
//!
//! Types and rules are nasm's (nasmdoc 8.9.3): an address in this unit is its section's symbol plus an offset, unless
//! `wrt ..sym`, `..got`, `..plt`, `..gottpoff` or `..tlsie` want the global symbol itself.  ELF64 keeps the addend
//! in the relocation and zero in the field; ELF32 keeps it in the field.

use super::contents::Hole;
use super::relax::{Sizes, eval_error};
use crate::elf::records::{Class, Machine, elf};
use crate::source::{Diagnostic, Diagnostics};
use crate::unit::overflow::{self, Meaning};
use crate::unit::{
    Base, Binding, Definition, Evaluated, FixupKind, Offsets, SectionId, SymbolId, Unit, Wrt, evaluate,
};

/// What a relocation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Symbol 0: a distance to a number.
    None,
    /// The section's own symbol.
    Section(SectionId),
    /// A symbol.
    Symbol(SymbolId),
}

/// One relocation of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relocation {
    /// `r_offset`.
    pub(super) place: u64,
    /// `R_X86_64_*` or `R_386_*`.
    pub(super) kind: u32,
    pub(super) target: Target,
    /// `r_addend`, or what stands in the field.
    pub(super) addend: i64,
}

/// Fills holes, and remembers which symbols that made necessary.
pub(super) struct Relocator<'a> {
    unit: &'a Unit,
    sizes: &'a Sizes,
    class: Class,
    /// Global labels: section, offset, symbol, sorted.
    globals: Vec<(SectionId, u64, SymbolId)>,
    used: Vec<bool>,
}

impl<'a> Relocator<'a> {
    pub(super) fn new(unit: &'a Unit, sizes: &'a Sizes, class: Class) -> Self {
        let mut globals: Vec<_> = (0..)
            .map(SymbolId)
            .zip(&unit.symbols)
            .filter(|(_, symbol)| symbol.binding != Binding::Local)
            .filter_map(|(id, symbol)| match symbol.definition {
                Definition::Label { section, position } => {
                    Some((section, sizes.offset(section, position), id))
                }
                _ => None,
            })
            .collect();
        globals.sort_unstable();
        Relocator { unit, sizes, class, globals, used: vec![false; unit.symbols.len()] }
    }

    /// Whether any relocation names this symbol.
    pub(super) fn used(&self, symbol: SymbolId) -> bool {
        self.used[symbol.0 as usize]
    }

    /// Writes what is known into the field and returns what is left.
    pub(super) fn fill(
        &mut self,
        own: SectionId,
        out: &mut [u8],
        hole: Hole,
        diagnostics: &mut Diagnostics,
    ) -> Option<Relocation> {
        let found = match evaluate(self.unit, self.sizes, hole.value) {
            Ok(found) => found,
            Err(error) => {
                diagnostics.push(eval_error(self.unit, hole.span, error));
                return None;
            }
        };
        let width = usize::from(hole.field.width);
        let (number, relocation) = match self.relocate(own, hole, found) {
            Ok(Filled::Number(number)) => {
                check_number(hole, number, found.as_number().is_some(), diagnostics);
                (number, None)
            }
            Ok(Filled::Relocation(relocation)) => {
                if let Target::Symbol(symbol) = relocation.target {
                    self.used[symbol.0 as usize] = true;
                }
                let in_field = match (self.is_64(), width) {
                    (true, _) => 0,
                    (false, 8) => {
                        let message = "this address has 32 bits; zeroes fill the rest of its 64";
                        diagnostics.push(Diagnostic::warning("zext-reloc", hole.span, message));
                        i64::from(relocation.addend as u32)
                    }
                    (false, _) => relocation.addend,
                };
                (in_field, Some(relocation))
            }
            Err(message) => {
                diagnostics.push(Diagnostic::error(hole.span, message));
                return None;
            }
        };
        let at = usize::try_from(hole.place).expect("output is capped at 2 GiB");
        let stored = hole.field.kind.stored(number);
        out[at..at + width].copy_from_slice(&stored.to_le_bytes()[..width]);
        relocation
    }

    /// Whether the object is of the x32 ABI: 64-bit code, 32-bit addresses.
    fn is_x32(&self) -> bool {
        self.is_64() && self.class == Class::Elf32
    }

    fn is_64(&self) -> bool {
        self.unit.machine == Machine::X86_64
    }

    fn relocate(&self, own: SectionId, hole: Hole, found: Evaluated) -> Result<Filled, &'static str> {
        let place = hole.place as i64;
        let (end, mut addend) = match (hole.field.kind, found.minus) {
            (FixupKind::Psabi(_), _) => return Err("this machine has no relocatable objects yet"),
            // `there - $` as data is a distance from the field itself.
            (FixupKind::Absolute | FixupKind::AbsoluteSigned, Some(Base::Section(section)))
                if section == own =>
            {
                (Some(0), found.addend.wrapping_add(place))
            }
            (_, Some(_)) => return Err("an object cannot hold the distance between two other sections"),
            (FixupKind::Relative { end }, None) => (Some(i64::from(end)), found.addend),
            (_, None) => (None, found.addend),
        };
        let Some(base) = found.plus else {
            return Ok(match end {
                None => Filled::Number(addend),
                // nasm leaves the distance to a number to the linker in ELF32 and forgets it in ELF64.
                Some(end) if self.is_64() => Filled::Number(addend.wrapping_sub(end)),
                Some(end) => Filled::Relocation(Relocation {
                    place: hole.place,
                    kind: self.distance_type(hole.field.width, None)?,
                    target: Target::None,
                    addend: addend.wrapping_sub(end),
                }),
            });
        };
        if let (Some(end), Base::Section(section), None) = (end, base, found.wrt)
            && section == own
            && found.minus.is_none()
        {
            return Ok(Filled::Number(addend.wrapping_sub(place.wrapping_add(end))));
        }
        let kind = match end {
            Some(_) => self.distance_type(hole.field.width, found.wrt)?,
            None => self.address_type(hole.field.width, hole.field.kind, found.wrt)?,
        };
        let target = match base {
            Base::Symbol(symbol) => {
                if wants_exact(found.wrt) && addend != 0 {
                    return Err("invalid access to an external symbol");
                }
                Target::Symbol(symbol)
            }
            Base::Section(section) if self.wants_symbol(found.wrt, end.is_some()) => {
                let (offset, symbol) = self
                    .global_at(section, addend as u64, wants_exact(found.wrt))
                    .ok_or("unable to find a suitable global symbol for this reference")?;
                addend = addend.wrapping_sub(offset as i64);
                Target::Symbol(symbol)
            }
            Base::Section(section) => Target::Section(section),
        };
        if found.wrt == Some(Wrt::Gotpc) && end.is_none() {
            // The source counts from `$$`, the relocation from the field.
            addend = addend.wrapping_add(place);
        }
        addend = addend.wrapping_sub(end.unwrap_or(0));
        Ok(Filled::Relocation(Relocation { place: hole.place, kind, target, addend }))
    }

    /// The last global symbol at or before an offset, or the one exactly there.
    fn global_at(&self, section: SectionId, offset: u64, exact: bool) -> Option<(u64, SymbolId)> {
        let after = self.globals.partition_point(|&(other, at, _)| (other, at) <= (section, offset));
        let &(other, at, symbol) = self.globals.get(after.checked_sub(1)?)?;
        (other == section && (!exact || at == offset)).then_some((at, symbol))
    }

    /// Whether the reference must be to a symbol, not to an offset in its section.
    fn wants_symbol(&self, wrt: Option<Wrt>, distance: bool) -> bool {
        match wrt {
            Some(Wrt::Got | Wrt::Sym | Wrt::Gottpoff | Wrt::Tlsie) => true,
            Some(Wrt::Plt) => self.is_64(),
            Some(Wrt::Gotpc) => distance,
            _ => false,
        }
    }

    fn address_type(&self, width: u8, kind: FixupKind, wrt: Option<Wrt>) -> Result<u32, &'static str> {
        match (wrt, width) {
            (Some(Wrt::Got), 8) if self.is_x32() => return Err("invalid ..got reference"),
            (Some(Wrt::Gotoff), 8) if self.is_x32() => {
                return Err("ELFX32 doesn't support R_X86_64_GOTOFF64");
            }
            _ => {}
        }
        if self.is_64() { address_type_64(width, kind, wrt) } else { address_type_32(width, wrt) }
    }

    fn distance_type(&self, width: u8, wrt: Option<Wrt>) -> Result<u32, &'static str> {
        if self.is_x32() && width == 8 {
            return Err(NO_64_BITS);
        }
        if self.is_64() { distance_type_64(width, wrt) } else { distance_type_32(width, wrt) }
    }
}

/// What a field gets.
enum Filled {
    Number(i64),
    Relocation(Relocation),
}

/// Whether an offset from that symbol is refused.
fn wants_exact(wrt: Option<Wrt>) -> bool {
    matches!(wrt, Some(Wrt::Got | Wrt::Plt | Wrt::Gottpoff | Wrt::Tlsie))
}

const NO_PLT: &str = "ELF format cannot produce non-PC-relative PLT references";
const NO_WRT: &str = "ELF format does not support this use of WRT";
const NO_64_BITS: &str = "32-bit ELF format does not support 64-bit relocations";
const NO_WIDTH: &str = "unsupported non-32-bit ELF relocation";

fn address_type_64(width: u8, kind: FixupKind, wrt: Option<Wrt>) -> Result<u32, &'static str> {
    Ok(match (wrt, width) {
        (None | Some(Wrt::Sym), 1) => elf::R_X86_64_8,
        (None | Some(Wrt::Sym), 2) => elf::R_X86_64_16,
        (None | Some(Wrt::Sym), 4) if kind == FixupKind::AbsoluteSigned => elf::R_X86_64_32S,
        (None | Some(Wrt::Sym), 4) => elf::R_X86_64_32,
        (None | Some(Wrt::Sym), _) => elf::R_X86_64_64,
        (Some(Wrt::Gotpc), _) => elf::R_X86_64_GOTPC32,
        (Some(Wrt::Gotoff), 8) => elf::R_X86_64_GOTOFF64,
        (Some(Wrt::Gotoff), _) => return Err("ELF64 requires ..gotoff references to be qword"),
        (Some(Wrt::Got), 4) => elf::R_X86_64_GOT32,
        (Some(Wrt::Got), 8) => elf::R_X86_64_GOT64,
        (Some(Wrt::Got), _) => return Err("invalid ..got reference"),
        (Some(Wrt::Plt), _) => return Err(NO_PLT),
        (Some(Wrt::Gottpoff | Wrt::Tlsie), _) => return Err(NO_WRT),
    }
    .0)
}

fn address_type_32(width: u8, wrt: Option<Wrt>) -> Result<u32, &'static str> {
    Ok(match (wrt, width) {
        (None | Some(Wrt::Sym), 1) => elf::R_386_8,
        (None | Some(Wrt::Sym), 2) => elf::R_386_16,
        // The upper half of a qword stays zero.
        (None | Some(Wrt::Sym), 4 | 8) => elf::R_386_32,
        (Some(Wrt::Plt), _) => return Err(NO_PLT),
        (Some(Wrt::Gottpoff), _) => return Err(NO_WRT),
        (_, 1 | 2 | 8) => return Err(NO_WIDTH),
        (Some(Wrt::Gotpc), _) => elf::R_386_GOTPC,
        (Some(Wrt::Gotoff), _) => elf::R_386_GOTOFF,
        (Some(Wrt::Tlsie), _) => elf::R_386_TLS_IE,
        (Some(Wrt::Got), _) => elf::R_386_GOT32,
        (None | Some(Wrt::Sym), _) => return Err(NO_WIDTH),
    }
    .0)
}

fn distance_type_64(width: u8, wrt: Option<Wrt>) -> Result<u32, &'static str> {
    Ok(match (wrt, width) {
        (None, 1) => elf::R_X86_64_PC8,
        (None, 2) => elf::R_X86_64_PC16,
        (None, 4) => elf::R_X86_64_PC32,
        (None, _) => elf::R_X86_64_PC64,
        (Some(_), 1 | 2) => return Err(NO_WIDTH),
        (Some(Wrt::Plt), 4) => elf::R_X86_64_PLT32,
        (Some(Wrt::Gotpc | Wrt::Got), 4) => elf::R_X86_64_GOTPCREL,
        (Some(Wrt::Gottpoff), 4) => elf::R_X86_64_GOTTPOFF,
        (Some(Wrt::Gotpc | Wrt::Got), _) => elf::R_X86_64_GOTPCREL64,
        (Some(Wrt::Gotoff), _) => return Err("ELF64 requires ..gotoff references to be qword absolute"),
        (Some(Wrt::Gottpoff), _) => return Err("ELF64 requires ..gottpoff references to be dword"),
        (Some(_), _) => return Err(NO_WRT),
    }
    .0)
}

fn distance_type_32(width: u8, wrt: Option<Wrt>) -> Result<u32, &'static str> {
    Ok(match (wrt, width) {
        (None, 1) => elf::R_386_PC8,
        (None, 2) => elf::R_386_PC16,
        (None, 4) => elf::R_386_PC32,
        (Some(_), 1 | 2) => return Err(NO_WIDTH),
        (_, 8) => return Err(NO_64_BITS),
        (Some(Wrt::Plt), _) => elf::R_386_PLT32,
        (Some(Wrt::Gotpc | Wrt::Gotoff | Wrt::Got), _) => {
            return Err("ELF format cannot produce PC-relative GOT references");
        }
        _ => return Err(NO_WRT),
    }
    .0)
}

/// A number that its field cannot hold: nasm cuts it with a warning, and refuses a distance.
fn check_number(hole: Hole, number: i64, is_number: bool, diagnostics: &mut Diagnostics) {
    let (field, meaning) = (hole.field, Meaning::Number);
    if is_number && !overflow::fits(field, number, meaning) {
        diagnostics.push(overflow::cut(hole.span, field, number, meaning));
    } else if let Some(problem) = overflow::check(hole.span, field, number, meaning) {
        diagnostics.push(problem);
    }
}
