//! The byte map as one page without any network: a grid of bytes coloured by owner, and what each byte is.
//!
//! The bytes and items stand in the page as HTML, so that it is readable without a script; the script adds hover,
//! tap and arrow keys.  The grid ends after [`MOST_BYTES`], and the page says so.  Of a file that was just built the
//! lines of its sources stand in the page too, each tied to its bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::text::{owner_name, summary};
use super::verdict::Verdict;
use super::{ByteMap, Item};
use crate::listing::Origin;

/// So many bytes have a cell; a page with more is slow in every browser.
const MOST_BYTES: u64 = 1 << 16;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// As many as the style sheet has.
const COLOURS: usize = 12;

/// Writes the page.
pub fn html(map: &ByteMap<'_>, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let size = map.file.size().min(MOST_BYTES);
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title}: every byte</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{title}</h1><p>{}</p></header>\n<main>\n",
        escaped(&summary(map)),
        title = escaped(title)
    )?;
    let items: Vec<(usize, Item)> = map.all_items().take_while(|(_, item)| item.start < size).collect();
    let owners = innermost(&items, size);
    grid(map, &items, &owners, size, out)?;
    writeln!(
        out,
        "<aside id=\"what\" aria-live=\"polite\"><p>Touch a byte, or use the arrow keys.</p></aside>"
    )?;
    sources(map, size, out)?;
    list(map, &items, out)?;
    writeln!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>")
}

/// For every byte the items that cover it, as a range of a list sorted by start would not do where they overlap:
/// the shortest one comes first.
fn innermost(items: &[(usize, Item)], size: u64) -> Vec<Vec<u32>> {
    let mut owners = vec![Vec::new(); usize::try_from(size).unwrap_or(0)];
    for (number, (_, item)) in (0..).zip(items) {
        let end = item.end.min(size);
        for cell in &mut owners[item.start as usize..end as usize] {
            cell.push(number);
        }
    }
    for cell in &mut owners {
        cell.sort_by_key(|&number: &u32| {
            let (_, item) = &items[number as usize];
            item.end - item.start
        });
    }
    owners
}

fn grid(
    map: &ByteMap<'_>,
    items: &[(usize, Item)],
    owners: &[Vec<u32>],
    size: u64,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"grid\" tabindex=\"0\" role=\"application\" aria-label=\"bytes; arrow keys move\">"
    )?;
    let bytes = map.file.slice(0, size);
    for (row, chunk) in bytes.chunks(16).enumerate() {
        write!(out, "<div><u>{:05x}</u>", row * 16)?;
        for (column, byte) in chunk.iter().enumerate() {
            let cell = &owners[row * 16 + column];
            let colour = cell.first().map_or(0, |&number| items[number as usize].0 % COLOURS);
            let shared = if cell.len() > 1 { " s" } else { "" };
            let ids: Vec<String> = cell.iter().map(u32::to_string).collect();
            write!(out, "<b class=\"c{colour}{shared}\" data-i=\"{}\">{byte:02x}</b>", ids.join(" "))?;
        }
        writeln!(out, "</div>")?;
    }
    if map.file.size() > size {
        writeln!(
            out,
            "<p>The first {size} of {} bytes; `tinyelf inspect` without --html shows all.</p>",
            map.file.size()
        )?;
    }
    writeln!(out, "</section>")
}

/// The lines that made bytes, in the order of their files.
fn sources(map: &ByteMap<'_>, size: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut lines: BTreeMap<(&str, u32), Vec<&Origin>> = BTreeMap::new();
    for origin in map.origins.iter().filter(|one| one.offset < Some(size)) {
        lines.entry((&origin.source.file, origin.source.line)).or_default().push(origin);
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"source\"><h2>Source</h2>")?;
    let mut last = "";
    for ((file, line), origins) in &lines {
        if *file != last {
            let end = if last.is_empty() { "" } else { "</ol>" };
            writeln!(out, "{end}<h3>{}</h3><ol>", escaped(file))?;
            last = file;
        }
        let bytes = origins.iter().filter_map(|one| Some(format!("{}-{}", one.offset?, one.end()?)));
        let bytes: Vec<_> = bytes.collect();
        let text = escaped(&origins[0].source.text);
        writeln!(out, "<li data-b=\"{}\"><u>{line}</u> <code>{text}</code></li>", bytes.join(" "))?;
    }
    writeln!(out, "</ol></section>")
}

fn list(map: &ByteMap<'_>, items: &[(usize, Item)], out: &mut dyn Write) -> io::Result<()> {
    if !map.file.problems.is_empty() {
        let verdict = Verdict::of(map);
        match verdict.is_accepted() {
            true => {
                writeln!(out, "<section id=\"problems\" class=\"odd\"><h2>{}</h2><ul>", verdict.heading())?
            }
            false => writeln!(out, "<section id=\"problems\"><h2>What is wrong with this file</h2><ul>")?,
        }
        for (problem, others) in map.file.problems.iter().zip(&verdict.others) {
            let also =
                if others.is_empty() { String::new() } else { format!(" · also {}", others.join("; ")) };
            writeln!(out, "<li>{}: {}{}</li>", problem.offset, escaped(&problem.message), escaped(&also))?;
        }
        writeln!(out, "</ul></section>")?;
    }
    writeln!(out, "<section id=\"list\"><h2>Every part</h2>")?;
    let mut last = usize::MAX;
    for (number, (region, item)) in items.iter().enumerate() {
        if *region != last {
            if last != usize::MAX {
                writeln!(out, "</ol>")?;
            }
            let owner = escaped(&owner_name(map, map.regions[*region].owner));
            writeln!(out, "<h3 class=\"c{}\">{owner}</h3><ol>", region % COLOURS)?;
            last = *region;
        }
        let reader = item.reader.map_or("", super::Reader::word);
        writeln!(
            out,
            "<li id=\"i{number}\" data-s=\"{}\" data-e=\"{}\" data-r=\"{reader}\"><u>{:x}</u> <code>{}</code> <b>{}</b> {}{}</li>",
            item.start,
            item.end,
            item.start,
            escaped(&item.name),
            escaped(&item.value),
            escaped(&item.meaning),
            source_of(map, item)
        )?;
    }
    let end = if last == usize::MAX { "" } else { "</ol>" };
    writeln!(out, "{end}</section>")
}

/// The line that an item comes from, with its element.
fn source_of(map: &ByteMap<'_>, item: &Item) -> String {
    let origin = map.origins.get(map.origin_from(item.start)).filter(|one| one.offset < Some(item.end));
    origin.map_or_else(String::new, |one| format!(" <q>{}</q>", escaped(&one.words())))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
