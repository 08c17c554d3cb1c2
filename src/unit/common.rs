//! `common` symbols of a whole program: room in .bss, as a linker gives them.

use super::{
    Align, Definition, Fragment, FragmentKind, Section, SectionFlags, SectionId, SectionKind, Unit, Value,
};
use crate::source::Span;

/// Turns every common symbol into a label of .bss, in the order of the symbols.
pub fn place_commons(unit: &mut Unit) {
    for index in 0..unit.symbols.len() {
        let Definition::Common { size, align } = unit.symbols[index].definition else { continue };
        let bss = bss(unit);
        let span = unit.symbols[index].span;
        let section = &mut unit.sections[bss.0 as usize];
        let boundary = align.max(1).next_power_of_two();
        section.align = section.align.max(boundary);
        let pattern = u32::try_from(section.patterns.len()).expect("patterns are shorter than the source");
        section.patterns.push(0);
        let gap = Align { boundary, pattern: pattern..pattern + 1, nops: None };
        push(section, FragmentKind::Align(gap), span);
        unit.symbols[index].definition = Definition::Label { section: bss, position: section.end() };
        push(section, FragmentKind::Reserve { size: Value::Const(size as i64) }, span);
    }
}

fn push(section: &mut Section, kind: FragmentKind, span: Span) {
    let literal = section.end().literal;
    section.fragments.push(Fragment { literal, span, kind });
}

fn bss(unit: &mut Unit) -> SectionId {
    let name = unit.names.intern(b".bss");
    let found = unit.sections().find(|(_, section)| section.name == name).map(|(id, _)| id);
    found.unwrap_or_else(|| {
        unit.sections.push(Section::new(name, SectionKind::Nobits, SectionFlags::DATA, Span::NONE));
        SectionId(u32::try_from(unit.sections.len() - 1).expect("few sections"))
    })
}
