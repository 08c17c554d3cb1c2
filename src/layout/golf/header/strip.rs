//! The strip of header bytes in which fields claim bits.

use crate::elf::fields::Field;
use crate::elf::records::Class;

/// Offset and width of a field in the file, in bytes.
pub(super) type Place = (usize, usize);

/// Where a field of a record lies that begins at `record`.
pub(super) fn place(field: &Field, class: Class, record: usize) -> Place {
    let small = |number: u64| usize::try_from(number).expect("records are less than 100 bytes");
    (record + small(field.start(class)), small(field.size(class)))
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
    pub(super) fn claim(&mut self, (offset, width): Place, mask: u64, value: u64) -> Result<(), Conflict> {
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
    pub(super) fn set(&mut self, field: Place, value: u64) -> Result<(), Conflict> {
        self.claim(field, u64::MAX, value)
    }

    /// The bits of a field that are claimed: mask and value.
    pub(super) fn read(&self, (offset, width): Place) -> (u64, u64) {
        (0..width).fold((0, 0), |(mask, value), index| {
            let (byte_mask, byte) = self.bits[offset + index];
            (mask | u64::from(byte_mask) << (8 * index), value | u64::from(byte) << (8 * index))
        })
    }

    pub(super) fn is_free_byte(&self, offset: usize) -> bool {
        self.bits[offset].0 == 0
    }

    pub(super) fn is_free(&self, field: Place) -> bool {
        self.read(field).0 == 0
    }
}
