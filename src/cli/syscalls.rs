//! `tinyelf syscalls [NAME|NUMBER]`: what the kernel offers on each machine.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::arguments::SyscallOptions;
use super::{help, json, near};
use crate::elf::records::Machine;
use crate::syscall::{self, Missing, Parameter, Syscall};

/// Prints the calls that were asked for.
pub(super) fn list(options: &SyscallOptions) -> Result<ExitCode> {
    let machines = options.arch.as_ref().map_or(Machine::ALL.to_vec(), |machines| machines.0.clone());
    let rows = match &options.call {
        None => all(&machines),
        Some(word) => match word.parse::<u16>() {
            Ok(number) => by_number(number, &machines)?,
            Err(_) => vec![by_name(word, &machines)?],
        },
    };
    let text = match (&options.emit, options.json) {
        (Some(_), _) => defines(&rows, options.arch.is_some()),
        (None, true) => as_json(&rows),
        (None, false) if options.call.is_some() => rows.iter().map(page).collect::<Vec<_>>().join("\n"),
        (None, false) => table(&rows, &machines),
    };
    help::print(text.as_bytes())
}

/// A name and what it is on each machine that has it.
struct Row {
    name: String,
    calls: Vec<(Machine, &'static Syscall)>,
}

fn all(machines: &[Machine]) -> Vec<Row> {
    let row = |call: &'static Syscall| {
        let has = |machine: &Machine| call.number(*machine).is_some();
        let calls: Vec<_> = machines.iter().copied().filter(has).map(|machine| (machine, call)).collect();
        (!calls.is_empty()).then(|| Row { name: call.name.to_owned(), calls })
    };
    syscall::names().filter_map(row).collect()
}

fn by_number(number: u16, machines: &[Machine]) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for (machine, call) in syscall::number_names(number).filter(|(machine, _)| machines.contains(machine)) {
        match rows.iter_mut().find(|row| row.name == call.name) {
            Some(row) => row.calls.push((machine, call)),
            None => rows.push(Row { name: call.name.to_owned(), calls: vec![(machine, call)] }),
        }
    }
    if rows.is_empty() {
        bail!("no system call has the number {number}");
    }
    Ok(rows)
}

fn by_name(name: &str, machines: &[Machine]) -> Result<Row> {
    let mut calls = Vec::new();
    let mut absent = None;
    for &machine in machines {
        match syscall::find(name, machine) {
            Ok(call) => calls.push((machine, call)),
            Err(Missing::Absent { instead }) => absent = Some((machine, instead)),
            Err(Missing::Unknown) => {}
        }
    }
    match absent {
        _ if !calls.is_empty() => Ok(Row { name: name.to_owned(), calls }),
        Some((machine, Some(instead))) => bail!("{} has no `{name}`; there is {instead}", machine.name()),
        Some((machine, None)) => bail!("{} has no `{name}`", machine.name()),
        None => bail!(
            "no system call is called `{name}`{}",
            near::hint(name, syscall::names().map(|call| call.name))
        ),
    }
}

/// One line for each call: its number on each machine, then how it is called.
fn table(rows: &[Row], machines: &[Machine]) -> String {
    let mut out = String::new();
    for machine in machines {
        let _ = write!(out, "{:>8}", machine.name());
    }
    out.push_str("  call\n");
    for row in rows {
        for machine in machines {
            let found = row.calls.iter().find(|(other, _)| other == machine);
            match found.and_then(|(machine, call)| call.number(*machine)) {
                Some(number) => drop(write!(out, "{number:>8}")),
                None => drop(write!(out, "{:>8}", "-")),
            }
        }
        let (machine, call) = row.calls[0];
        let _ = writeln!(out, "  {}", signature(&row.name, call, machine));
    }
    out
}

/// `write(fd: fd, buf: in, count: size)`.
fn signature(name: &str, call: &Syscall, machine: Machine) -> String {
    match call.parameters(machine) {
        None => format!("{name}(?)"),
        Some(parameters) => {
            let one = |parameter: &Parameter| {
                let mark = if parameter.optional { "?" } else { "" };
                format!("{}{mark}: {}", parameter.name, parameter.kind.word())
            };
            format!("{name}({})", parameters.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Everything about one call: for each machine the number and the registers.
fn page(row: &Row) -> String {
    let mut out = String::new();
    let mut shown = String::new();
    for &(machine, call) in &row.calls {
        let signature = signature(&row.name, call, machine);
        if signature != shown {
            let _ = writeln!(out, "{signature}");
            shown = signature;
        }
        let convention = syscall::convention(machine);
        let number = call.number(machine).unwrap_or_default();
        let _ = write!(out, "  {:8} {}={number}", machine.name(), convention.number);
        let registers = convention.arguments.iter().zip(call.parameters(machine).unwrap_or_default());
        for (register, parameter) in registers {
            let _ = write!(out, ", {register}={}", parameter.name);
        }
        let _ = write!(out, ", {}", convention.instruction);
        if call.name != row.name {
            let _ = write!(out, "  (the kernel's {})", call.name);
        }
        out.push('\n');
    }
    out
}

/// `%define SYS_write 1`, for NASM sources.
fn defines(rows: &[Row], machine_given: bool) -> String {
    let mut out = String::new();
    for row in rows {
        let wanted = |(machine, _): &&(Machine, &Syscall)| machine_given || *machine == Machine::X86_64;
        if let Some((machine, call)) = row.calls.iter().find(wanted)
            && let Some(number) = call.number(*machine)
        {
            let _ = writeln!(out, "%define SYS_{} {number}", row.name);
        }
    }
    out
}

/// An array of `{"name", "parameters", "machines": {NAME: {"number", "registers", "instruction"}}}`.
fn as_json(rows: &[Row]) -> String {
    let mut out = String::from("[");
    for (index, row) in rows.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str("{\"name\":");
        json::string(&mut out, &row.name);
        let (machine, call) = row.calls[0];
        out.push_str(",\"parameters\":");
        match call.parameters(machine) {
            None => out.push_str("null"),
            Some(parameters) => {
                let one = |parameter: &Parameter| {
                    format!(
                        "{{\"name\":\"{}\",\"kind\":\"{}\",\"optional\":{}}}",
                        parameter.name,
                        parameter.kind.word(),
                        parameter.optional
                    )
                };
                let list = parameters.iter().map(one).collect::<Vec<_>>().join(",");
                let _ = write!(out, "[{list}]");
            }
        }
        let machines = row.calls.iter().map(|&(machine, call)| {
            let convention = syscall::convention(machine);
            let count = call.parameters(machine).map_or(6, <[Parameter]>::len);
            let registers = convention.arguments.iter().take(count).map(|name| format!("\"{name}\""));
            format!(
                "\"{}\":{{\"number\":{},\"call\":\"{}\",\"instruction\":\"{}\",\"number_in\":\"{}\",\"registers\":[{}]}}",
                machine.name(),
                call.number(machine).unwrap_or_default(),
                call.name,
                convention.instruction,
                convention.number,
                registers.collect::<Vec<_>>().join(",")
            )
        });
        let _ = write!(out, ",\"machines\":{{{}}}}}", machines.collect::<Vec<_>>().join(","));
    }
    out.push_str("\n]\n");
    out
}
