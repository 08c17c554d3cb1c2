//! `tinyelf build FILE...`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};

use super::arguments::{BuildOptions, SourceOptions, TargetOptions};
use super::format::FormatName;
use super::loader::RecordingLoader;
use super::message::Messages;
use super::output::{self, Mode, Target};
use super::source::preprocessor;
use super::status::{self, Made};
use super::{SOURCE_IS_WRONG, dependencies, emit, input, make, map_file, near};
use crate::elf::records::Machine;
use crate::pipeline::{self, Built, Format, Options, Source};
use crate::source::{Diagnostics, DiskLoader, SourceMap, WarningPolicy};

/// Builds one program from files and writes it; a script for each machine that was asked for.
pub(super) fn build(arguments: &BuildOptions, messages: Messages) -> Result<ExitCode> {
    let loader = RecordingLoader::default();
    let is_script = input::is_script(&arguments.files, arguments.source.lang);
    if is_script {
        refuse_for_scripts(&arguments.source)?;
        refuse_nasm_output(arguments)?;
        let stem = input::stem(&arguments.files);
        let target = arguments.write.target(&stem);
        output::refuse_inputs(&target, &arguments.files)?;
        arguments.write.see.check(&target, &arguments.files, Format::Executable)?;
        let sources = input::read(&arguments.files, arguments.source.lang, &loader)?;
        return make::executables(&stem, &arguments.target, &arguments.write, messages, |_| {
            Ok(sources.clone())
        });
    }
    emit::refuse_source(arguments.write.emit)?;
    let mut options = options(&arguments.source, &arguments.target)?;
    options.origins = arguments.write.see.is_wanted();
    let mut stem = input::stem(&arguments.files).into_os_string();
    stem.push(match options.format {
        Format::Executable => "",
        Format::Flat => ".bin",
        Format::Object => ".o",
    });
    let target = arguments.write.target(&PathBuf::from(&stem));
    output::refuse_inputs(&target, &arguments.files)?;
    options.output_name = target.name().into();
    for path in [&arguments.listing, &arguments.deps_file].into_iter().flatten() {
        output::refuse_inputs(&Target::new(Some(path), path), &arguments.files)?;
    }
    arguments.write.see.check(&target, &arguments.files, options.format)?;
    if arguments.preprocess && options.origins {
        bail!("`-E` prints the source and builds nothing: `--map` and `--html` have nothing to show");
    }
    let alone = [
        (options.format == Format::Object, "`-c` makes one relocatable file of one source"),
        (arguments.preprocess, "`-E` expands one source"),
        (arguments.listing.is_some(), "`-l` lists one source"),
    ];
    if let Some((_, what)) = alone.iter().find(|(given, _)| *given && arguments.files.len() > 1) {
        bail!("{what}; name one");
    }
    let sources = input::read(&arguments.files, arguments.source.lang, &loader)?;
    let policy = policy(&arguments.source)?;
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::with_policy(policy.clone()));
    if arguments.preprocess {
        let text = pipeline::preprocess(&sources[0], &options, &loader, &mut map, &mut diagnostics);
        messages.show_all(&diagnostics, &map);
        let Some(text) = text.filter(|_| !diagnostics.has_errors()) else {
            return Ok(ExitCode::from(SOURCE_IS_WRONG));
        };
        let target =
            arguments.write.output.as_ref().map_or(Target::Stdout, |path| Target::new(Some(path), path));
        return output::write(&target, &text, Mode::Plain).map(|()| ExitCode::SUCCESS);
    }
    let built = pipeline::build_with_origins(&sources, &options, &loader, &mut map, &mut diagnostics);
    messages.show_all(&diagnostics, &map);
    let Some(built) = built else { return Ok(ExitCode::from(SOURCE_IS_WRONG)) };
    map_file::check(built.map_file.as_ref(), &arguments.files, &target)?;
    emit::write(&target, &built.bytes, mode(&options), arguments.write.emit, &stem.to_string_lossy())?;
    built.map_file.as_ref().map_or(Ok(()), map_file::write)?;
    if let Some(path) = &arguments.listing {
        let text = pipeline::listing(&sources[0], &options, policy, &loader)
            .context("the listing cannot be made")?;
        output::write(&Target::new(Some(path), path), text.as_bytes(), Mode::Plain)?;
    }
    if arguments.deps || arguments.deps_file.is_some() {
        let name = target.name();
        let text = dependencies::text(
            &dependencies::quote_for_make(&name),
            &loader.files(),
            false,
            dependencies::Make::Posix,
        );
        let file = arguments.deps_file.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.d")));
        output::write(&Target::File(file), text.as_bytes(), Mode::Plain)?;
    }
    if !arguments.write.quiet {
        status::print(&[Made { target: &target, size: built.bytes.len(), options: &options }]);
    }
    arguments.write.see.show(&built, &target)?;
    Ok(ExitCode::SUCCESS)
}

/// A script has no macros to expand and no lines to list.
fn refuse_nasm_output(arguments: &BuildOptions) -> Result<()> {
    let given = [
        (arguments.preprocess, "-E"),
        (arguments.listing.is_some(), "-l"),
        (arguments.deps, "-MD"),
        (arguments.deps_file.is_some(), "-MF"),
    ];
    refuse_first(&given, |option| format!("`{option}` is for NASM sources, not for scripts"))
}

/// An error about the first of several options that was given.
fn refuse_first(given: &[(bool, &str)], reason: impl Fn(&str) -> String) -> Result<()> {
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => bail!("{}", reason(option)),
        None => Ok(()),
    }
}

/// A script has no entry, no format of its own and nothing to optimise.
pub(super) fn refuse_for_scripts(source: &SourceOptions) -> Result<()> {
    let given = [
        (source.format.is_some(), "-f"),
        (source.entry.is_some(), "-e"),
        (source.optimize.is_some(), "-O"),
        (source.object, "-c"),
        (!source.keywords.is_empty(), "-z"),
        (source.no_preprocess, "-a"),
        (!source.before.0.is_empty(), "-D, -U, -P, --pragma, --before"),
        (!source.prefix.is_empty(), "--prefix"),
        (!source.postfix.is_empty(), "--postfix"),
    ];
    refuse_first(&given, |option| format!("`{option}` is for NASM sources, not for scripts"))
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

/// The program, after everything about the source was said.
pub(super) fn program(
    sources: &[Source],
    options: &Options,
    policy: WarningPolicy,
    messages: Messages,
) -> Option<Built> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::with_policy(policy);
    let built = pipeline::build_with_origins(sources, options, &DiskLoader, &mut map, &mut diagnostics);
    messages.show_all(&diagnostics, &map);
    built
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
    if source.object {
        refuse_for_objects(source, target)?;
    }
    if source.format == Some(FormatName::Bin) {
        refuse_for_flat(source, target)?;
    }
    target.apply(&mut options)?;
    options.include_paths.clone_from(&source.include);
    options.preprocessor = preprocessor(&source.before.0);
    options.preprocessor.is_off = source.no_preprocess;
    options.affixes.global = [source.prefix.clone(), source.postfix.clone()];
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
    }
    if let Some(format) = source.format {
        options.preprocessor.format = format.name().into();
    }
    if source.format == Some(FormatName::Bin) {
        options.format = Format::Flat;
    }
    options.x32 = source.format == Some(FormatName::ElfX32);
    if options.x32 && (!source.object || options.debug) {
        bail!("`-f elfx32` is for objects, without `-g`: add `-c`, or say `-f elf64`");
    }
    Ok(options)
}

/// `-f elf32` and `--arch i386` mean the same.
fn machine(format: Option<FormatName>, target: &TargetOptions) -> Result<Machine> {
    let from_format = match format {
        Some(FormatName::Elf32 | FormatName::Elf) => Some((Machine::I386, "elf32")),
        Some(FormatName::Elf64) => Some((Machine::X86_64, "elf64")),
        Some(FormatName::ElfX32) => Some((Machine::X86_64, "elfx32")),
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
        (target.symbols, "--symbols"),
        (target.sections, "--sections"),
        (target.pie, "--pie"),
        (target.image_base.is_some(), "--image-base"),
        (source.entry.is_some(), "-e"),
        (!source.keywords.is_empty(), "-z"),
    ];
    refuse_first(&given, |option| {
        format!("`-c` writes a relocatable file for a linker: `{option}` has no meaning there")
    })
}

fn refuse_for_flat(source: &SourceOptions, target: &TargetOptions) -> Result<()> {
    let given = [
        (target.layout.is_some(), "--layout"),
        (target.keep.is_some(), "--keep"),
        (target.arch.is_some(), "--arch"),
        (target.debug, "-g"),
        (target.symbols, "--symbols"),
        (target.sections, "--sections"),
        (target.pie, "--pie"),
        (target.image_base.is_some(), "--image-base"),
        (!target.set.is_empty(), "--set"),
        (source.entry.is_some(), "-e"),
        (!source.keywords.is_empty(), "-z"),
    ];
    refuse_first(&given, |option| {
        format!("`-f bin` writes the bytes alone, without headers: `{option}` has no meaning there")
    })
}
