//! Relocation formulas of the fixed-width machines, by their psABI numbers.

use crate::elf::records::Machine;

/// Writes `value` into an instruction of `bytes` as relocation type `kind` says.
///
/// # Errors
/// When the type is not known for the machine, or the value does not fit.
pub(super) fn apply(
    machine: Machine,
    kind: u32,
    bytes: &mut [u8],
    value: i64,
    place: u64,
) -> Result<(), String> {
    let _ = (bytes, value, place);
    Err(format!("relocation type {kind} of {} cannot be applied", machine.name()))
}
