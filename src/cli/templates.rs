//! `tinyelf templates`: what comes with tinyelf, and how large it is.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use super::arguments::TemplatesOptions;
use super::message::Messages;
use super::{build, help, json, template as template_command};
use crate::elf::records::Machine;
use crate::layout::Kind;
use crate::pipeline::Options;
use crate::source::WarningPolicy;
use crate::template::Template;

/// Lists every template with its size in the two plain layouts.
pub(super) fn list(
    options: &TemplatesOptions,
    templates: &[Template],
    messages: Messages,
) -> Result<ExitCode> {
    let machines = options.arch.as_ref().map_or(vec![Machine::X86_64], |machines| machines.0.clone());
    let mut rows = Vec::new();
    for template in templates {
        for machine in template.machines().filter(|machine| machines.contains(machine)) {
            let size = |kind| size(template, machine, kind, messages);
            rows.push((template, machine, size(Kind::Standard)?, size(Kind::Compact)?));
        }
    }
    let text = if options.json { as_json(&rows) } else { table(&rows) };
    help::print(text.as_bytes())
}

type Row<'a> = (&'a Template, Machine, usize, usize);

fn size(template: &Template, machine: Machine, kind: Kind, messages: Messages) -> Result<usize> {
    let mut options = Options::new(machine);
    options.layout.kind = kind;
    let source = template_command::source(template, machine, &[])?;
    let built = build::program(&[source], &options, WarningPolicy::default(), messages);
    let built = built.with_context(|| format!("the template `{}` cannot be built", template.name))?;
    Ok(built.bytes.len())
}

fn table(rows: &[Row<'_>]) -> String {
    let mut out = format!("{:12} {:8} {:>8} {:>8}  for\n", "name", "machine", "standard", "compact");
    for (template, machine, standard, compact) in rows {
        let _ = writeln!(
            out,
            "{:12} {:8} {standard:>8} {compact:>8}  {}",
            template.name,
            machine.name(),
            template.about
        );
    }
    out
}

/// An array of `{"name", "about", "machine", "standard", "compact"}`; sizes in bytes.
fn as_json(rows: &[Row<'_>]) -> String {
    let mut out = String::from("[");
    for (index, (template, machine, standard, compact)) in rows.iter().enumerate() {
        out.push_str(if index == 0 { "\n{\"name\":" } else { ",\n{\"name\":" });
        json::string(&mut out, &template.name);
        out.push_str(",\"about\":");
        json::string(&mut out, &template.about);
        let machine = machine.name();
        let _ = write!(out, ",\"machine\":\"{machine}\",\"standard\":{standard},\"compact\":{compact}}}");
    }
    out.push_str("\n]\n");
    out
}
