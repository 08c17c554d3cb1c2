//! The text that `[map]` asks for, in nasm's form: origin, sections, symbols of flat output.
//!
//! ```text
//! -- Sections (summary) ---------------------------------------------------------
//!
//! Vstart            Start             Stop              Length    Class     Name
//!             1000               114               115  00000001  progbits  .data
//! ```

use std::fmt::Write as _;

use crate::layout::{Flat, FlatSection, Sizes};
use crate::unit::{
    Base, Definition, Evaluated, MapRequest, NameId, Offsets, SectionId, Unit, Value, evaluate,
};

/// How long a line with a title is.
const WIDTH: usize = 79;

/// The map of what was laid out; the names are those of the source and of the output, as they were given.
pub fn map_file(
    unit: &Unit,
    sizes: &Sizes,
    flat: &Flat,
    request: &MapRequest,
    source: &str,
    output: &str,
) -> String {
    let mut out = format!("\n{}\n", ruled("- NASM Map file "));
    let _ = writeln!(out, "Source file:  {source}\nOutput file:  {output}\n");
    if request.brief {
        let _ = writeln!(out, "{}\n{:08X}\n", ruled("-- Program origin "), flat.origin);
        summary(&mut out, unit, flat);
    }
    if request.sections {
        out.push_str(&ruled("-- Sections (detailed) "));
        out.push('\n');
        flat.sections.iter().for_each(|section| detail(&mut out, unit, section));
    }
    if request.symbols {
        symbols(&mut out, unit, sizes, flat);
    }
    out
}

/// A title, and dashes up to the line's end.
fn ruled(title: &str) -> String {
    format!("{title:-<WIDTH$}\n")
}

fn section_title(name: &str) -> String {
    ruled(&format!("---- Section {name} "))
}

fn class(section: &FlatSection) -> &'static str {
    if section.in_file { "progbits" } else { "nobits" }
}

fn name_of(unit: &Unit, section: &FlatSection) -> String {
    section.id.map_or_else(|| ".text".to_owned(), |id| spelt(unit, unit.section(id).name))
}

fn spelt(unit: &Unit, name: NameId) -> String {
    String::from_utf8_lossy(unit.names.get(name)).into_owned()
}

fn summary(out: &mut String, unit: &Unit, flat: &Flat) {
    out.push_str(&ruled("-- Sections (summary) "));
    out.push_str("\nVstart            Start             Stop              Length    Class     Name\n");
    for section in &flat.sections {
        let FlatSection { vstart, start, length, .. } = *section;
        let stop = start.wrapping_add(length);
        let (class, name) = (class(section), name_of(unit, section));
        let _ = writeln!(out, "{vstart:16X}  {start:16X}  {stop:16X}  {length:08X}  {class:8}  {name}");
    }
    out.push('\n');
}

fn detail(out: &mut String, unit: &Unit, section: &FlatSection) {
    let number =
        |value: Option<u64>| value.map_or_else(|| "not defined".to_owned(), |value| format!("{value:16X}"));
    let name =
        |value: Option<NameId>| value.map_or_else(|| "not defined".to_owned(), |value| spelt(unit, value));
    let _ = writeln!(out, "{}", section_title(&name_of(unit, section)));
    let rows = [
        ("class:", class(section).to_owned()),
        ("length:", number(Some(section.length))),
        ("start:", number(Some(section.start))),
        ("align:", number(section.align)),
        ("follows:", name(section.follows)),
        ("vstart:", number(Some(section.vstart))),
        ("valign:", number(section.valign)),
        ("vfollows:", name(section.vfollows)),
    ];
    for (key, value) in rows {
        let _ = writeln!(out, "{key:10} {value}");
    }
    out.push('\n');
}

/// What a symbol stands for in flat output.
enum Place {
    Number(i64),
    Offset(SectionId, u64),
}

/// The symbols that the source defines, in that order.
fn places<'a>(unit: &'a Unit, sizes: &Sizes) -> Vec<(Place, std::borrow::Cow<'a, str>)> {
    let mut defined: Vec<_> = unit.symbols.iter().collect();
    defined.sort_by_key(|symbol| symbol.order);
    let place = |definition| match definition {
        Definition::Undefined | Definition::Common { .. } => None,
        Definition::Label { section, position } => {
            Some(Place::Offset(section, sizes.offset(section, position)))
        }
        Definition::Equ(Value::Const(number)) => Some(Place::Number(number)),
        Definition::Equ(value) => match evaluate(unit, sizes, value).ok()? {
            Evaluated { plus: Some(Base::Section(section)), minus: None, addend, .. } => {
                Some(Place::Offset(section, addend.cast_unsigned()))
            }
            other => other.as_number().map(Place::Number),
        },
    };
    let spelt = |symbol: &crate::unit::Symbol| String::from_utf8_lossy(unit.names.get(symbol.name));
    defined.into_iter().filter_map(|symbol| Some((place(symbol.definition)?, spelt(symbol)))).collect()
}

fn symbols(out: &mut String, unit: &Unit, sizes: &Sizes, flat: &Flat) {
    let _ = writeln!(out, "{}", ruled("-- Symbols "));
    let all = places(unit, sizes);
    let mut rows = String::new();
    for (place, name) in &all {
        if let Place::Number(number) = place {
            let _ = writeln!(rows, "{number:08X}  {name}");
        }
    }
    if !rows.is_empty() {
        let _ = writeln!(out, "{}\nValue     Name\n{rows}\n", ruled("---- No Section "));
    }
    for section in &flat.sections {
        let mut rows = String::new();
        for (place, name) in &all {
            match place {
                Place::Offset(id, offset) if section.id == Some(*id) => {
                    let real = section.start.wrapping_add(*offset);
                    let seen = section.vstart.wrapping_add(*offset);
                    let _ = writeln!(rows, "{real:16X}  {seen:16X}  {name}");
                }
                _ => {}
            }
        }
        if !rows.is_empty() {
            let title = section_title(&name_of(unit, section));
            let _ = writeln!(out, "{title}\nReal              Virtual           Name\n{rows}");
        }
    }
}
