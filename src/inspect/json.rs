//! The byte map for programs; this form is stable.
//!
//! ```text
//! {"format":1,"class":"ELFCLASS64","big_endian":false,"machine":62,"type":2,"entry":4194424,"size":344,
//!  "regions":[{"start":0,"end":64,"owner":"ehdr","index":null,"name":"Elf64_Ehdr, the file header","address":4194304,
//!    "items":[{"start":0,"end":4,"kind":"field","name":"e_ident[EI_MAG]","value":"…","meaning":"…","reader":"kernel"}]}],
//!  "shared":[{"start":0,"end":4,"owners":[0,3],"count":2}],
//!  "problems":[{"offset":16,"message":"…","accepted":false}]}
//! ```
//!
//! Keys are always present and in this order.  Offsets are bytes from the start of the file, the end exclusive.
//! Regions stand in order of their first byte and together cover the file; where they overlap, `shared` has the
//! bytes and the indices of the first eight regions that own them, `count` how many there are.  `owner` is `ehdr`,
//! `phdr`, `shdr`, `section`, `segment`, `code` or `gap`, `index` its place in its table.  `kind` of an item is
//! `field`, `record`, `instruction`, `no-instruction`, `string`, `bytes` or `zeroes`; `reader` is `kernel`, `tools`,
//! `nobody` or null.  A problem is `accepted` where Linux starts the file all the same.  `items` is null where four other regions show the same bytes.

use std::io::{self, Write};

use super::region::Owner;
use super::text::owner_name;
use super::verdict::Verdict;
use super::{ByteMap, rows};
use crate::elf::records::Class;

/// Writes the map as one JSON object and a line feed.
pub fn json(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = &map.file;
    let class = if file.form.class == Class::Elf64 { "ELFCLASS64" } else { "ELFCLASS32" };
    write!(
        out,
        "{{\"format\":1,\"class\":\"{class}\",\"big_endian\":{},\"machine\":{},\"type\":{},\"entry\":{},\"size\":{},\n\"regions\":[",
        file.form.big_endian,
        file.e_machine.0,
        file.e_type.0,
        file.e_entry.0,
        file.size()
    )?;
    for (number, region) in map.regions.iter().enumerate() {
        let (owner, index) = owner(region.owner);
        write!(
            out,
            "{}\n{{\"start\":{},\"end\":{},\"owner\":\"{owner}\",\"index\":{},\"name\":{},\"address\":{},\"items\":",
            if number == 0 { "" } else { "," },
            region.start,
            region.end,
            or_null(index),
            string(&owner_name(map, region.owner)),
            or_null(region.address),
        )?;
        match region.itemised {
            true => items(map, number, out)?,
            false => write!(out, "null")?,
        }
        write!(out, "}}")?;
    }
    write!(out, "],\n\"shared\":[")?;
    for (number, piece) in map.pieces().iter().filter(|one| one.count > 1).enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(
            out,
            "{comma}\n{{\"start\":{},\"end\":{},\"owners\":{:?},\"count\":{}}}",
            piece.start, piece.end, piece.owners, piece.count
        )?;
    }
    write!(out, "],\n\"problems\":[")?;
    let accepted = Verdict::of(map).is_accepted();
    for (number, problem) in file.problems.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(
            out,
            "{comma}\n{{\"offset\":{},\"message\":{},\"accepted\":{accepted}}}",
            problem.offset.0,
            string(&problem.message)
        )?;
    }
    writeln!(out, "]}}")
}

fn items(map: &ByteMap<'_>, region: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut row = String::new();
    write!(out, "[")?;
    for (number, item) in map.items(&map.regions[region]).enumerate() {
        row.clear();
        row.push_str(if number == 0 { "\n{\"start\":" } else { ",\n{\"start\":" });
        rows::decimal(&mut row, item.start);
        row.push_str(",\"end\":");
        rows::decimal(&mut row, item.end);
        row.push_str(",\"kind\":\"");
        row.push_str(item.kind.word());
        for (key, text) in
            [("\",\"name\":", &item.name), (",\"value\":", &item.value), (",\"meaning\":", &item.meaning)]
        {
            row.push_str(key);
            push_string(&mut row, text);
        }
        row.push_str(",\"reader\":");
        match item.reader {
            Some(reader) => push_string(&mut row, reader.word()),
            None => row.push_str("null"),
        }
        row.push('}');
        out.write_all(row.as_bytes())?;
    }
    write!(out, "]")
}

fn owner(owner: Owner) -> (&'static str, Option<u32>) {
    match owner {
        Owner::Ehdr => ("ehdr", None),
        Owner::Phdr(index) => ("phdr", Some(index)),
        Owner::Shdr(index) => ("shdr", Some(index)),
        Owner::Section(index) => ("section", Some(index)),
        Owner::Segment(index) => ("segment", Some(index)),
        Owner::Code => ("code", None),
        Owner::Gap => ("gap", None),
    }
}

fn or_null<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn string(text: &str) -> String {
    let mut out = String::new();
    push_string(&mut out, text);
    out
}

/// A JSON string (RFC 8259, section 7).
fn push_string(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\' | 0x7f..)) {
        out.push_str(text);
    } else {
        text.chars().for_each(|c| push_char(out, c));
    }
    out.push('"');
}

fn push_char(out: &mut String, c: char) {
    match c {
        '"' | '\\' => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}
