//! `tinyelf run FILE|TEMPLATE ... [-- ARGS]`

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{ArgMatches, FromArgMatches as _};

use super::arguments::{RunOptions, TargetOptions, WatchOptions};
use super::message::Messages;
use super::{build, input, make, near, sys, template, watch};
use crate::elf::records::Machine;
use crate::pipeline::{Built, Format, Options, Source};
use crate::run::{self, Outcome};
use crate::source::{DiskLoader, WarningPolicy};
use crate::template::Template;

/// The status that says "not started", as in env(1), timeout(1) and chroot(1).
const NOT_STARTED: u8 = 125;

/// Builds in memory, executes, and passes the exit status on.
pub(super) fn run(arguments: &ArgMatches, templates: &[Template], messages: Messages) -> Result<ExitCode> {
    match attempt(arguments, templates, messages) {
        Ok(Some(status)) => Ok(ExitCode::from(status)),
        Ok(None) => Ok(ExitCode::from(NOT_STARTED)),
        Err(error) => {
            messages.failure(&error);
            Ok(ExitCode::from(NOT_STARTED))
        }
    }
}

/// A program to execute.
struct Job {
    name: String,
    sources: Vec<Source>,
    options: Options,
    policy: WarningPolicy,
    arguments: Vec<OsString>,
}

fn attempt(matches: &ArgMatches, templates: &[Template], messages: Messages) -> Result<Option<u8>> {
    let job = match matches.subcommand() {
        Some(("sys", inner)) => sys_job(inner)?,
        Some((name, inner)) => template_job(name, inner, templates)?,
        None => file_job(&RunOptions::from_arg_matches(matches)?, templates)?,
    };
    let built = build::program(&job.sources, &job.options, job.policy.clone(), messages);
    let Some(Built { bytes, .. }) = built else { return Ok(None) };
    // The options stand before or behind the template's name.
    let inner = matches.subcommand().map_or(matches, |(_, inner)| inner);
    let watched = WatchOptions::from_arg_matches(inner)?;
    let program = run::Program { bytes: &bytes, name: &job.name, arguments: &job.arguments };
    let outcome = watch::run(&program, &job.options, watched, messages)
        .with_context(|| format!("`{}`, a program for {}", job.name, job.options.machine.name()))?;
    Ok(Some(match outcome {
        // Linux keeps eight bits of it.
        Outcome::Exited(status) => status.to_le_bytes()[0],
        Outcome::Killed(signal) => {
            messages.note(&explain(&job, &bytes, signal));
            128 + signal.to_le_bytes()[0]
        }
    }))
}

fn template_job(name: &str, matches: &ArgMatches, templates: &[Template]) -> Result<Job> {
    let template = templates.iter().find(|one| one.name == name).context("no such template")?;
    let target = TargetOptions::from_arg_matches(matches)?;
    let machine = make::one_machine(&target)?;
    let options = make::options(machine, &target)?;
    let sources = vec![template::source(template, machine, &template::values(template, matches)?)?];
    let arguments = matches.get_many::<OsString>("arguments").unwrap_or_default().cloned().collect();
    Ok(Job { name: name.to_owned(), sources, options, policy: WarningPolicy::default(), arguments })
}

fn sys_job(matches: &ArgMatches) -> Result<Job> {
    let target = TargetOptions::from_arg_matches(matches)?;
    let options = make::options(make::one_machine(&target)?, &target)?;
    let statements: Vec<OsString> =
        matches.get_many::<OsString>("statements").unwrap_or_default().cloned().collect();
    let arguments = matches.get_many::<OsString>("arguments").unwrap_or_default().cloned().collect();
    let sources = vec![sys::source(&statements)?];
    Ok(Job { name: "sys".to_owned(), sources, options, policy: WarningPolicy::default(), arguments })
}

fn file_job(arguments: &RunOptions, templates: &[Template]) -> Result<Job> {
    for file in &arguments.files {
        refuse_unknown_template(file, templates)?;
    }
    let lang = arguments.source.lang;
    let options = if input::is_script(&arguments.files, lang) {
        build::refuse_for_scripts(&arguments.source)?;
        make::options(make::one_machine(&arguments.target)?, &arguments.target)?
    } else {
        build::options(&arguments.source, &arguments.target)?
    };
    if options.format != Format::Executable {
        bail!("`-f bin` and `-c` make files that no kernel executes; leave them out");
    }
    let sources = input::read(&arguments.files, lang, &DiskLoader)?;
    let name = input::stem(&arguments.files).to_string_lossy().into_owned();
    let policy = build::policy(&arguments.source)?;
    Ok(Job { name, sources, options, policy, arguments: arguments.arguments.clone() })
}

/// A word without `.` and `/` means a template.
fn refuse_unknown_template(file: &Path, templates: &[Template]) -> Result<()> {
    let word = file.to_string_lossy();
    if word == "-" || word.contains(['.', '/', '\\']) {
        return Ok(());
    }
    let near = near::hint(&word, templates.iter().map(|template| template.name.as_str()));
    bail!("no template is called `{word}`{near} (a file is written `./{word}`)")
}

/// One line: which signal, and what it most likely means.
fn explain(job: &Job, bytes: &[u8], signal: i32) -> String {
    let uses_int_80 = bytes.windows(2).any(|pair| pair == [0xcd, 0x80]);
    let reason = if uses_int_80 && job.options.machine == Machine::X86_64 && !run::runs_int_80() {
        "it uses `int 0x80`, and this kernel has no 32-bit emulation: use `syscall` and its numbers"
    } else {
        run::describe(signal)
    };
    format!("`{}` was ended by {} ({signal}): {reason}", job.name, run::name(signal))
}
