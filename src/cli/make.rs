//! One program for one machine or the same for several: build, write, tell.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::SOURCE_IS_WRONG;
use super::arguments::{TargetOptions, WriteOptions};
use super::build::program;
use super::emit;
use super::message::Messages;
use super::output::{Mode, Target};
use super::status::{self, Made};
use crate::elf::records::Machine;
use crate::pipeline::{self, Format, Language, Options, Source};
use crate::source::{Diagnostics, SourceMap, WarningPolicy};

/// The machines that `--arch` names; x86_64 when it is not given, on every host.
pub(super) fn machines(target: &TargetOptions) -> Vec<Machine> {
    target.arch.as_ref().map_or(vec![Machine::X86_64], |machines| machines.0.clone())
}

/// The one machine of a program that is not written but used.
pub(super) fn one_machine(target: &TargetOptions) -> Result<Machine> {
    match machines(target)[..] {
        [machine] => Ok(machine),
        _ => bail!("`--arch` must name one machine here"),
    }
}

/// The options of a program that is told nothing but machine and layout.
pub(super) fn options(machine: Machine, target: &TargetOptions) -> Result<Options> {
    let mut options = Options::new(machine);
    target.apply(&mut options)?;
    Ok(options)
}

/// Builds the sources for every machine and writes all, or none.
pub(super) fn executables(
    stem: &Path,
    target: &TargetOptions,
    write: &WriteOptions,
    messages: Messages,
    sources: impl Fn(Machine) -> Result<Vec<Source>>,
) -> Result<ExitCode> {
    let machines = machines(target);
    let several = machines.len() > 1;
    let paths = machines.iter().map(|&machine| path(stem, write, machine, several));
    let paths = paths.collect::<Result<Vec<_>>>()?;
    let pages: Vec<_> =
        machines.iter().map(|machine| write.see.of_machine(several.then_some(*machine))).collect();
    for (see, path) in pages.iter().zip(&paths) {
        see.check(path, &[], Format::Executable)?;
    }
    if write.emit == Some(emit::Language::Asm) {
        for (machine, path) in machines.into_iter().zip(paths) {
            let source = &sources(machine)?[0];
            if source.language == Language::Nasm {
                emit::refuse_source(write.emit)?;
            }
            let Some(text) = assembler_source(source, &options(machine, target)?, messages) else {
                return Ok(ExitCode::from(SOURCE_IS_WRONG));
            };
            emit::write_text(&path, &text)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut built = Vec::new();
    for (machine, path) in machines.into_iter().zip(paths) {
        let mut options = options(machine, target)?;
        options.origins = write.see.is_wanted();
        let policy = WarningPolicy::default();
        let Some(program) = program(&sources(machine)?, &options, policy, messages) else {
            return Ok(ExitCode::from(SOURCE_IS_WRONG));
        };
        built.push((path, program, options));
    }
    for (target, program, _) in &built {
        emit::write(target, &program.bytes, Mode::Executable, write.emit, &stem.to_string_lossy())?;
    }
    if !write.quiet {
        let made = built.iter().map(|(target, program, options)| Made {
            target,
            size: program.bytes.len(),
            options,
        });
        status::print(&made.collect::<Vec<_>>());
    }
    for ((target, program, _), see) in built.iter().zip(&pages) {
        if several {
            see.head(target)?;
        }
        see.show(program, target)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn assembler_source(source: &Source, options: &Options, messages: Messages) -> Option<String> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let text = pipeline::assembler_source(source, options, &mut map, &mut diagnostics);
    messages.show_all(&diagnostics, &map);
    text
}

/// `out/hello`, or `out/hello.i386` when several are made.
fn path(stem: &Path, write: &WriteOptions, machine: Machine, several: bool) -> Result<Target> {
    Ok(match write.target(stem) {
        Target::Stdout if several => bail!("`-o -` takes one program; name one machine with `--arch`"),
        Target::File(path) if several => {
            let mut path = path.into_os_string();
            path.push(".");
            path.push(machine.name());
            Target::File(path.into())
        }
        target => target,
    })
}
