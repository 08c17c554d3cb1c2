//! `tinyelf layouts FILE|TEMPLATE`: the same program in every layout.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{ArgMatches, FromArgMatches as _};

use super::arguments::LayoutsOptions;
use super::message::Messages;
use super::{SOURCE_IS_WRONG, help, input, json, template as template_command};
use crate::elf::loader::{self, Kernel};
use crate::elf::records::Machine;
use crate::layout::{GolfOptions, Kind, Promise};
use crate::pipeline::{self, Options, Source};
use crate::source::{Diagnostics, DiskLoader, Severity, SourceMap};
use crate::template::Template;

/// One layout and what is known about it before anything is built.
struct Layout {
    name: &'static str,
    kind: Kind,
    accepted_by: &'static str,
}

const LAYOUTS: [Layout; 6] = [
    Layout {
        name: "standard",
        kind: Kind::Standard,
        accepted_by: "every tool: objdump, gdb, strip, readelf, the kernel",
    },
    Layout {
        name: "compact",
        kind: Kind::Compact,
        accepted_by: "readelf, gdb, strace, qemu-user, the kernel",
    },
    golf("golf --keep tools", Promise::Tools, "readelf, gdb, strace, qemu-user, the kernel"),
    golf("golf --keep readers", Promise::Readers, "readelf, gdb, strace, the kernel"),
    golf("golf --keep linux", Promise::Linux, "the kernel, any arguments and usual limits"),
    golf("golf --keep nothing", Promise::Nothing, "the kernel, under the assumptions named"),
];

/// As `--effort` without a word.
const EFFORT: u64 = 2_000_000;

const fn golf(name: &'static str, promise: Promise, accepted_by: &'static str) -> Layout {
    Layout { name, kind: Kind::Golf(GolfOptions { promise, effort: EFFORT }), accepted_by }
}

/// A layout's outcome.
struct Row {
    layout: &'static Layout,
    size: usize,
    /// What no file within the promise can be smaller than.
    bound: Option<usize>,
    kernels: Vec<Kernel>,
    notes: Vec<String>,
}

/// Builds all of them and prints a table.
pub(super) fn show(matches: &ArgMatches, templates: &[Template], messages: Messages) -> Result<ExitCode> {
    let (machine, sources, as_json) = job(matches, templates)?;
    let mut rows = Vec::new();
    for layout in &LAYOUTS {
        let mut options = Options::new(machine);
        options.layout.kind = layout.kind;
        let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
        let bytes = pipeline::build(&sources, &options, &DiskLoader, &mut map, &mut diagnostics);
        let Some(bytes) = bytes else {
            messages.show_all(&diagnostics, &map);
            return Ok(ExitCode::from(SOURCE_IS_WRONG));
        };
        let about_layout =
            diagnostics.iter().filter(|one| one.severity == Severity::Note && one.span.is_none());
        let notes = about_layout.map(|note| note.message.clone()).collect();
        let bound = match layout.kind {
            Kind::Golf(golf) => pipeline::lower_bound(&sources, &options, golf.promise, &DiskLoader),
            Kind::Standard | Kind::Compact => None,
        };
        rows.push(Row { layout, size: bytes.len(), bound, kernels: loader::kernels(&bytes), notes });
    }
    help::print(if as_json { json_text(&rows) } else { table(&rows) }.as_bytes())
}

fn job(matches: &ArgMatches, templates: &[Template]) -> Result<(Machine, Vec<Source>, bool)> {
    let template = matches.subcommand();
    let own = template.map_or(matches, |(_, inner)| inner);
    let as_json = own.get_flag("json");
    let machine = match own.get_one::<super::arch::Machines>("arch").map(|machines| &machines.0[..]) {
        None => Machine::X86_64,
        Some([machine]) => *machine,
        Some(_) => bail!("`--arch` must name one machine here"),
    };
    let sources = match template {
        Some((name, inner)) => {
            let template = templates.iter().find(|one| one.name == name).context("no such template")?;
            let values = template_command::values(template, inner)?;
            vec![template_command::source(template, machine, &values)?]
        }
        None => input::read(&LayoutsOptions::from_arg_matches(matches)?.files, None, &DiskLoader)?,
    };
    Ok((machine, sources, as_json))
}

fn table(rows: &[Row]) -> String {
    let mut out =
        format!("{:20} {:>6} {:>6} {:>4}  {:6} accepted by\n", "layout", "bytes", "bound", "gap", "Linux");
    for row in rows {
        let (bound, gap) = match row.bound {
            Some(bound) => (bound.to_string(), (row.size - bound.min(row.size)).to_string()),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let (layout, size, kernels) = (row.layout, row.size, loader::versions(&row.kernels));
        let (name, accepted_by) = (layout.name, layout.accepted_by);
        let _ = writeln!(out, "{name:20} {size:>6} {bound:>6} {gap:>4}  {kernels:6} {accepted_by}");
        for note in &row.notes {
            let _ = writeln!(out, "{:47}{note}", "");
        }
    }
    out
}

/// An array of `{"layout", "bytes", "bound", "kernels", "accepted_by", "assumes"}`.
fn json_text(rows: &[Row]) -> String {
    let mut out = String::from("[");
    for (index, row) in rows.iter().enumerate() {
        let start = if index == 0 { "\n" } else { ",\n" };
        let bound = row.bound.map_or_else(|| "null".to_owned(), |bound| bound.to_string());
        let kernels: Vec<String> = row.kernels.iter().map(|kernel| format!("\"{kernel}\"")).collect();
        let _ = write!(
            out,
            "{start}{{\"layout\":\"{}\",\"bytes\":{},\"bound\":{bound},\"kernels\":[{}],\"accepted_by\":\"{}\",\"assumes\":[",
            row.layout.name,
            row.size,
            kernels.join(","),
            row.layout.accepted_by
        );
        for (index, note) in row.notes.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            json::string(&mut out, note);
        }
        out.push_str("]}");
    }
    out.push_str("\n]\n");
    out
}
