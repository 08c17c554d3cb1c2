//! `tinyelf instructions [NAME]`: what the assembler knows, from the tables that it chooses encodings by.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::arguments::InstructionOptions;
use super::{help, json, near};
use crate::isa::x86::{FormDescription, describe, mnemonics, other_names};

/// Prints all mnemonics, or the forms of one.
pub(super) fn list(options: &InstructionOptions) -> Result<ExitCode> {
    let text = match &options.name {
        None if options.json => as_json(mnemonics()),
        None => table(),
        Some(name) => {
            let lower = name.to_ascii_lowercase();
            let Some(&known) = mnemonics().iter().find(|known| **known == lower) else {
                bail!("there is no instruction `{name}`{}", near::hint(&lower, mnemonics().iter().copied()));
            };
            if options.json { as_json(&[known]) } else { page(known) }
        }
    };
    help::print(text.as_bytes())
}

fn forms(name: &str) -> Vec<FormDescription> {
    describe(name).unwrap_or_default()
}

/// A line for each mnemonic: how many forms, and the extensions of any of them.
fn table() -> String {
    let mut out = format!("{:20} {:>5}  extensions\n", "mnemonic", "forms");
    for name in mnemonics() {
        let forms = forms(name);
        let mut extensions: Vec<&str> = Vec::new();
        for extension in forms.iter().flat_map(|form| &form.extensions) {
            if !extensions.contains(&extension.as_str()) {
                extensions.push(extension);
            }
        }
        let _ = writeln!(out, "{name:20} {:>5}  {}", forms.len(), extensions.join(" "));
    }
    out
}

/// The forms of one, in the order in which they are tried.
fn page(name: &str) -> String {
    let forms = forms(name);
    let width = forms.iter().map(|form| form.text.len()).max().unwrap_or(0).max(4);
    let mut out = format!("{:width$}  modes     encoding  extensions\n", "form");
    for form in &forms {
        let modes = ["16", "32", "64"].iter().zip(form.modes);
        let modes: Vec<&str> = modes.map(|(mode, there)| if there { *mode } else { "  " }).collect();
        let needs = form.extensions.join("+");
        let (text, encoding) = (&form.text, form.encoding);
        let _ = write!(out, "{text:width$}  {}  {encoding:8}  {needs}", modes.join(" "));
        out.push_str(if form.lock { ", takes lock\n" } else { "\n" });
    }
    let others = other_names(name);
    if !others.is_empty() {
        let _ = writeln!(out, "also written {}", others.join(", "));
    }
    out
}

/// An array of `{"mnemonic", "aliases", "forms": [{"form", "modes", "encoding", "extensions", "lock"}]}`.
fn as_json(names: &[&str]) -> String {
    let mut out = String::from("[");
    for (index, name) in names.iter().enumerate() {
        let start = if index == 0 { "\n" } else { ",\n" };
        let aliases: Vec<String> = other_names(name).iter().map(|other| format!("\"{other}\"")).collect();
        let aliases = aliases.join(",");
        let _ = write!(out, "{start}{{\"mnemonic\":\"{name}\",\"aliases\":[{aliases}],\"forms\":[");
        for (index, form) in forms(name).iter().enumerate() {
            out.push_str(if index == 0 { "{\"form\":" } else { ",{\"form\":" });
            json::string(&mut out, &form.text);
            let modes = [16, 32, 64].into_iter().zip(form.modes).filter(|(_, there)| *there);
            let modes: Vec<String> = modes.map(|(mode, _)| mode.to_string()).collect();
            let extensions: Vec<String> = form.extensions.iter().map(|one| format!("\"{one}\"")).collect();
            let _ = write!(
                out,
                ",\"modes\":[{}],\"encoding\":\"{}\",\"extensions\":[{}],\"lock\":{}}}",
                modes.join(","),
                form.encoding,
                extensions.join(","),
                form.lock
            );
        }
        out.push_str("]}");
    }
    out.push_str("\n]\n");
    out
}
