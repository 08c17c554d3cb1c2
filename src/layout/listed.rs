//! A section's bytes as a listing shows them: what the assembler knows, and which fields somebody else fills in.

use super::contents::contents;
use super::relax::Sizes;
use crate::unit::{Base, FixupKind, SectionId, SectionKind, Unit, evaluate};

/// A field that holds an address, or the distance to one in another section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedField {
    /// The first byte, from the section's start.
    pub place: u64,
    /// Bytes.
    pub width: u8,
    /// Whether it holds a distance.
    pub distance: bool,
    /// The offset that it is about, in its own section.
    pub value: i64,
    /// What the offset counts from; `None` for the distance between two bases.
    pub base: Option<Base>,
}

/// The bytes of a section, and its fields that are not final, in order.  A section without contents has no bytes.
pub fn listed(unit: &Unit, sizes: &Sizes, id: SectionId) -> (Vec<u8>, Vec<ListedField>) {
    let mut fields = Vec::new();
    if unit.section(id).kind == SectionKind::Nobits {
        return (Vec::new(), fields);
    }
    let bytes = contents(unit, sizes, id, &mut |out, hole| {
        let Ok(found) = evaluate(unit, sizes, hole.value) else { return };
        let width = usize::from(hole.field.width);
        let number = match (hole.field.kind, found.plus) {
            (FixupKind::Relative { end }, Some(Base::Section(section)))
                if section == id && found.minus.is_none() =>
            {
                Some(found.addend.wrapping_sub(hole.place as i64 + i64::from(end)))
            }
            (FixupKind::Relative { .. }, _) => None,
            (kind, _) => found.as_number().map(|number| kind.stored(number)),
        };
        match number {
            Some(number) => {
                if let (Ok(at), true) = (usize::try_from(hole.place), width <= 8) {
                    out[at..at + width].copy_from_slice(&number.to_le_bytes()[..width]);
                }
            }
            None => fields.push(ListedField {
                place: hole.place,
                width: hole.field.width,
                distance: matches!(hole.field.kind, FixupKind::Relative { .. }) || found.minus.is_some(),
                value: found.addend,
                base: found.plus.filter(|_| found.minus.is_none()),
            }),
        }
    });
    fields.sort_by_key(|field| field.place);
    (bytes, fields)
}
