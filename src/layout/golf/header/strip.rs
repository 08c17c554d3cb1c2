//! The strip of header bytes in which fields claim bits, and where elf.h puts the fields.

use crate::elf::records::Class;

/// Offset and width of a field.
pub(super) type Field = (usize, usize);

/// Offsets and widths of the fields, by elf.h; those of the program header count from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) e_entry: Field,
    pub(super) e_phoff: Field,
    pub(super) e_shoff: Field,
    pub(super) e_flags: Field,
    pub(super) e_ehsize: Field,
    pub(super) e_phentsize: Field,
    pub(super) e_phnum: Field,
    pub(super) e_shentsize: Field,
    pub(super) e_shnum: Field,
    pub(super) e_shstrndx: Field,
    pub(super) p_type: Field,
    pub(super) p_flags: Field,
    pub(super) p_offset: Field,
    pub(super) p_vaddr: Field,
    pub(super) p_filesz: Field,
    pub(super) p_memsz: Field,
}

pub(super) const E_TYPE: Field = (16, 2);
pub(super) const E_MACHINE: Field = (18, 2);
pub(super) const E_VERSION: Field = (20, 4);

const FIELDS64: Fields = Fields {
    e_entry: (24, 8),
    e_phoff: (32, 8),
    e_shoff: (40, 8),
    e_flags: (48, 4),
    e_ehsize: (52, 2),
    e_phentsize: (54, 2),
    e_phnum: (56, 2),
    e_shentsize: (58, 2),
    e_shnum: (60, 2),
    e_shstrndx: (62, 2),
    p_type: (0, 4),
    p_flags: (4, 4),
    p_offset: (8, 8),
    p_vaddr: (16, 8),
    p_filesz: (32, 8),
    p_memsz: (40, 8),
};

const FIELDS32: Fields = Fields {
    e_entry: (24, 4),
    e_phoff: (28, 4),
    e_shoff: (32, 4),
    e_flags: (36, 4),
    e_ehsize: (40, 2),
    e_phentsize: (42, 2),
    e_phnum: (44, 2),
    e_shentsize: (46, 2),
    e_shnum: (48, 2),
    e_shstrndx: (50, 2),
    p_type: (0, 4),
    p_flags: (24, 4),
    p_offset: (4, 4),
    p_vaddr: (8, 4),
    p_filesz: (16, 4),
    p_memsz: (20, 4),
};

/// The fields of a class.
pub(super) fn fields(class: Class) -> &'static Fields {
    match class {
        Class::Elf64 => &FIELDS64,
        Class::Elf32 => &FIELDS32,
    }
}

/// A field of the program header that lies at `by`.
pub(super) fn moved(field: Field, by: usize) -> Field {
    (field.0 + by, field.1)
}

/// Header bytes as (mask, value): which bits are claimed, and for what.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    pub(super) bits: Vec<(u8, u8)>,
}

/// Two fields want different bits in one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conflict;

impl Strip {
    pub(super) fn new(length: usize) -> Self {
        Strip { bits: vec![(0, 0); length] }
    }

    /// Claims the bits of `mask` for `value`.
    pub(super) fn claim(&mut self, (offset, width): Field, mask: u64, value: u64) -> Result<(), Conflict> {
        for index in 0..width {
            let (mask, value) = ((mask >> (8 * index)) as u8, (value >> (8 * index)) as u8);
            let (old_mask, old) = &mut self.bits[offset + index];
            if *old_mask & mask & (*old ^ value) != 0 {
                return Err(Conflict);
            }
            *old = *old & *old_mask | value & mask & !*old_mask;
            *old_mask |= mask;
        }
        Ok(())
    }

    /// Claims a whole field.
    pub(super) fn set(&mut self, field: Field, value: u64) -> Result<(), Conflict> {
        self.claim(field, u64::MAX, value)
    }

    /// The bits of a field that are claimed: mask and value.
    pub(super) fn read(&self, (offset, width): Field) -> (u64, u64) {
        (0..width).fold((0, 0), |(mask, value), index| {
            let (byte_mask, byte) = self.bits[offset + index];
            (mask | u64::from(byte_mask) << (8 * index), value | u64::from(byte) << (8 * index))
        })
    }

    pub(super) fn is_free_byte(&self, offset: usize) -> bool {
        self.bits[offset].0 == 0
    }

    pub(super) fn is_free(&self, field: Field) -> bool {
        self.read(field).0 == 0
    }
}
