//! `tinyelf build FILE...`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};

use super::arguments::{BuildOptions, FormatName, SourceOptions, TargetOptions};
use super::message::Messages;
use super::output::{self, Mode};
use super::source::{Before, preprocessor};
use super::status::{self, Made};
use super::{SOURCE_IS_WRONG, emit, input, make, near};
use crate::elf::records::Machine;
use crate::pipeline::{self, Format, Options, Source};
use crate::source::{Diagnostics, DiskLoader, SourceMap, WarningPolicy};

/// Builds one program from files and writes it; a script for each machine that was asked for.
pub(super) fn build(arguments: &BuildOptions, messages: Messages) -> Result<ExitCode> {
    let loader = DiskLoader;
    let is_script = input::is_script(&arguments.files, arguments.source.lang);
    if is_script {
        refuse_for_scripts(&arguments.source)?;
        let stem = input::stem(&arguments.files);
        let target = arguments.write.target(&stem);
        output::refuse_inputs(&target, &arguments.files)?;
        let sources = input::read(&arguments.files, arguments.source.lang, &loader)?;
        return make::executables(&stem, &arguments.target, &arguments.write, messages, |_| {
            Ok(sources.clone())
        });
    }
    let options = options(&arguments.source, &arguments.target)?;
    let mut stem = input::stem(&arguments.files).into_os_string();
    stem.push(match options.format {
        Format::Executable => "",
        Format::Flat => ".bin",
        Format::Object => ".o",
    });
    let target = arguments.write.target(&PathBuf::from(&stem));
    output::refuse_inputs(&target, &arguments.files)?;
    if options.format == Format::Object && arguments.files.len() > 1 {
        bail!("`-c` makes one relocatable file of one source; name one");
    }
    let sources = input::read(&arguments.files, arguments.source.lang, &loader)?;
    let policy = policy(&arguments.source)?;
    let Some(bytes) = program_with(&sources, &options, policy, messages) else {
        return Ok(ExitCode::from(SOURCE_IS_WRONG));
    };
    emit::write(&target, &bytes, mode(&options), arguments.write.emit, &stem.to_string_lossy())?;
    if !arguments.write.quiet {
        status::print(&[Made { target: &target, size: bytes.len(), options: &options }]);
    }
    Ok(ExitCode::SUCCESS)
}

/// A script has no entry, no format of its own and nothing to optimise.
pub(super) fn refuse_for_scripts(source: &SourceOptions) -> Result<()> {
    let given = [
        (source.format.is_some(), "-f"),
        (source.entry.is_some(), "-e"),
        (source.optimize.is_some(), "-O"),
        (source.object, "-c"),
        (!source.keywords.is_empty(), "-z"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => bail!("`{option}` is for NASM sources, not for scripts"),
        None => Ok(()),
    }
}

/// `-W` and `-w`, in that order.
pub(super) fn policy(source: &SourceOptions) -> Result<WarningPolicy> {
    let mut policy = WarningPolicy::default();
    for switch in source.warnings.iter().chain(&source.warnings_as_nasm) {
        policy.set(switch).map_err(|unknown| {
            let known = crate::source::WARNING_CLASSES.iter().map(|class| class.name);
            anyhow!("{unknown}{}", near::hint(&unknown.0, known))
        })?;
    }
    Ok(policy)
}

/// The bytes, after everything about the source was said.
pub(super) fn program(sources: &[Source], options: &Options, messages: Messages) -> Option<Vec<u8>> {
    program_with(sources, options, WarningPolicy::default(), messages)
}

/// The same with switches for warnings.
pub(super) fn program_with(
    sources: &[Source],
    options: &Options,
    policy: WarningPolicy,
    messages: Messages,
) -> Option<Vec<u8>> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::with_policy(policy);
    let bytes = pipeline::build(sources, options, &DiskLoader, &mut map, &mut diagnostics);
    messages.show_all(&diagnostics, &map);
    bytes
}

/// What kind of file the output is.
pub(super) fn mode(options: &Options) -> Mode {
    match options.format {
        Format::Executable => Mode::Executable,
        Format::Flat | Format::Object => Mode::Plain,
    }
}

/// The options that sources are built with; contradictions are errors.
pub(super) fn options(source: &SourceOptions, target: &TargetOptions) -> Result<Options> {
    let machine = machine(source.format, target)?;
    let mut options = Options::new(machine);
    options.lints = true;
    options.layout.entry.clone_from(&source.entry);
    target.apply(&mut options)?;
    options.include_paths.clone_from(&source.include);
    let before: Vec<Before> = (source.define.iter().cloned().map(Before::Define))
        .chain(source.undefine.iter().cloned().map(Before::Undefine))
        .chain(source.pre_include.iter().cloned().map(Before::Include))
        .chain(source.before.iter().cloned().map(Before::Line))
        .collect();
    options.preprocessor = preprocessor(&before);
    options.optimize = source.optimize.unwrap_or_default();
    for keyword in &source.keywords {
        match keyword.as_str() {
            "execstack" => options.layout.execstack = true,
            "gnustack" => options.layout.gnustack = Some(true),
            "separate-code" => options.layout.separate_code = true,
            _ => options.layout.gnustack = Some(false),
        }
    }
    if options.layout.execstack && options.layout.gnustack == Some(false) {
        bail!(
            "`-z execstack` and `-z nognustack` contradict each other: PT_GNU_STACK is what makes it executable"
        );
    }
    if source.object {
        options.format = Format::Object;
        refuse_for_objects(source, target)?;
    }
    if source.format == Some(FormatName::Bin) {
        options.format = Format::Flat;
        refuse_for_flat(source, target)?;
    }
    Ok(options)
}

/// `-f elf32` and `--arch i386` mean the same.
fn machine(format: Option<FormatName>, target: &TargetOptions) -> Result<Machine> {
    let from_format = match format {
        Some(FormatName::Elf32) => Some((Machine::I386, "elf32")),
        Some(FormatName::Elf64) => Some((Machine::X86_64, "elf64")),
        Some(FormatName::Bin) | None => None,
    };
    let Some(machines) = &target.arch else {
        return Ok(from_format.map_or(Machine::X86_64, |(machine, _)| machine));
    };
    let [machine] = machines.0[..] else {
        bail!("NASM source is for one machine: name x86_64 or i386 with `--arch`");
    };
    match from_format {
        _ if !matches!(machine, Machine::X86_64 | Machine::I386) => {
            bail!("NASM source is x86 only, no program for {} comes of it", machine.name())
        }
        Some((other, format)) if other != machine => {
            bail!("`-f {format}` and `--arch {}` contradict each other", machine.name())
        }
        _ => Ok(machine),
    }
}

fn refuse_for_objects(source: &SourceOptions, target: &TargetOptions) -> Result<()> {
    let given = [
        (source.format == Some(FormatName::Bin), "-f bin"),
        (target.layout.is_some(), "--layout"),
        (source.entry.is_some(), "-e"),
        (!source.keywords.is_empty(), "-z"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => {
            bail!("`-c` writes a relocatable file for a linker: `{option}` has no meaning there")
        }
        None => Ok(()),
    }
}

fn refuse_for_flat(source: &SourceOptions, target: &TargetOptions) -> Result<()> {
    let given = [
        (target.layout.is_some(), "--layout"),
        (target.keep.is_some(), "--keep"),
        (target.arch.is_some(), "--arch"),
        (target.debug, "-g"),
        (source.entry.is_some(), "-e"),
        (!source.keywords.is_empty(), "-z"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => {
            bail!("`-f bin` writes the bytes alone, without headers: `{option}` has no meaning there")
        }
        None => Ok(()),
    }
}
