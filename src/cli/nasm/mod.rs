//! `tinyelf nasm`, and tinyelf called as `nasm`: nasm's own command line, messages and exit status (0 or 1).

mod say;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};

use super::dependencies;
use super::format::{self, FormatName};
use super::loader::RecordingLoader;
use super::map_file;
use super::output::{self, Mode, Target};
use super::source::preprocessor;
use crate::elf::records::Machine;
use crate::nasm::preproc::Limits;
use crate::nasm::value::number;
use crate::pipeline::{self, Format, Language, Options, Source};
use crate::source::{Diagnostic, Diagnostics, DiskLoader, Loader, SourceMap, Span};
use say::Speaker;
use words::Words;

/// What build systems look for: they compare the number with the features they need.
const VERSION: &str = concat!("NASM version 2.16.01 (tinyelf ", env!("CARGO_PKG_VERSION"), ")\n");

const HELP: &str = "\
Usage: nasm [-@ response_file] [options...] [--] filename

  -f bin|elf32|elf64|elfx32  output format [bin]  -o FILE   output file
  -l FILE -Lbdefms+    listing, what it shows     -g        debug information (-F dwarf)
  -D NAME[=TEXT] -U NAME -I PATH -P FILE          macros and include files
  --before LINE --pragma TEXT --no-line           lines before the source
  -E  preprocess only   -a  do not preprocess     -O0 -O1 -Ox  sizes   -t  as TASM
  -M -MG -MD [FILE] -MF FILE -MT NAME -MQ NAME -MP -MW      dependencies for make
  -w[+-]NAME -W[no-]NAME -Werror[=NAME]           warnings
  -X gnu|vc  -s  -Z FILE                          form and place of messages
  --prefix --postfix --lprefix --lpostfix TEXT    around symbol names
  -v  version   -h  this text   -y  forms of debug information

This is tinyelf, which assembles NASM sources; see `tinyelf --help` for what else it does.
";

const DEBUG_FORMATS: &str = "\
       elf32:     dwarf     ELF32 (i386) dwarf (newer) [default]
       elf64:     dwarf     ELF64 (x86-64) dwarf (newer) [default]
";

/// Obeys a command line without the program's name, after that of NASMENV.
pub(super) fn main(given: &[OsString]) -> ExitCode {
    let environment = std::env::var("NASMENV").unwrap_or_default();
    let mut all = words::environment_words(&environment);
    all.extend(given.iter().map(|word| word.to_string_lossy().into_owned()));
    let words = match words::parse(all, &|path| std::fs::read_to_string(path).ok()) {
        Ok(words) => words,
        Err(error) => {
            eprintln!("nasm: error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match obey(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = Speaker::new(&words).say(&format!("nasm: fatal: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well; what did not was said.
fn obey(words: &Words) -> Result<bool> {
    match words.task {
        words::Task::Help => super::help::print(HELP.as_bytes()).map(|_| true),
        words::Task::Version => super::help::print(VERSION.as_bytes()).map(|_| true),
        words::Task::DebugFormats => super::help::print(DEBUG_FORMATS.as_bytes()).map(|_| true),
        words::Task::Assemble => assemble(words),
        words::Task::Preprocess => preprocess(words),
        words::Task::Dependencies => list_dependencies(words),
    }
}

fn assemble(words: &Words) -> Result<bool> {
    let input = words.input.as_deref().context("no input file specified\nType nasm -h for help.")?;
    let mut options = options(words)?;
    let target = Target::new(Some(&output_name(words, input, options.format)), Path::new(""));
    options.output_name = target.name().into();
    let others = [&words.listing, &words.dependencies.file];
    let others = others.into_iter().flatten().map(|path| Target::File(path.clone()));
    for target in others.chain([target.clone()]) {
        output::refuse_inputs(&target, &[input.to_owned()])?;
    }
    let loader = RecordingLoader::default();
    let text = loader.load(input).map_err(|error| anyhow!("{error}"))?;
    let source = Source { name: input.to_owned(), text, strict: false, language: Language::Nasm };
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::with_policy(words.reading.warnings.clone());
    for name in &words.unknown_warnings {
        let message = format!("unknown warning name: {name}");
        diagnostics.push(Diagnostic::warning("unknown-warning", Span::NONE, message));
    }
    if words.output.is_none() && target == Target::File(PathBuf::from(SPARE_OUTPUT)) {
        let message = format!("default output file same as input, using `{SPARE_OUTPUT}' for output");
        diagnostics.push(Diagnostic::warning("other", Span::NONE, message));
    }
    let sources = [source];
    let built = pipeline::build_with_origins(&sources, &options, &loader, &mut map, &mut diagnostics);
    Speaker::new(words).show_all(&diagnostics, &map)?;
    let Some(built) = built else { return Ok(false) };
    map_file::check(built.map_file.as_ref(), &[input.to_owned()], &target)?;
    output::write(&target, &built.bytes, Mode::Plain)?;
    if let Some(file) = &built.map_file
        && map_file::write(file).is_err()
    {
        // As for nasm, which loses nothing else by it.
        let message = format!("unable to open map file `{}'", map_file::name(file));
        let mut later = Diagnostics::with_policy(words.reading.warnings.clone());
        later.push(Diagnostic::warning("other", file.span, message));
        Speaker::new(words).show_all(&later, &map)?;
    }
    if let Some(path) = &words.listing {
        let text = pipeline::listing(&sources[0], &options, words.reading.warnings.clone(), &loader)
            .context("the listing cannot be made")?;
        output::write(&Target::File(path.clone()), text.as_bytes(), Mode::Plain)?;
    }
    if words.dependencies.wanted {
        write_dependencies(words, &target, &loader.files())?;
    }
    Ok(true)
}

/// `-E`: to `-o`, or to standard output.
fn preprocess(words: &Words) -> Result<bool> {
    let (Some(text), sound) = expanded(words, pipeline::preprocess)? else { return Ok(false) };
    match &words.output {
        Some(path) if sound => output::write(&Target::File(path.clone()), &text, Mode::Plain)?,
        Some(_) => {}
        // As far as it goes: what a mistake is in is seen there.
        None => super::help::print(&text).map(drop)?,
    }
    Ok(sound)
}

/// `-M`: a rule for make, to `-MF` or to standard output.
fn list_dependencies(words: &Words) -> Result<bool> {
    let mut silent = words.clone();
    silent.reading.warnings.silent = true;
    let (Some(files), _) = expanded(&silent, pipeline::dependencies)? else { return Ok(false) };
    let input = words.input.as_deref().unwrap_or(Path::new(""));
    let name = words.dependencies.target.clone();
    let output = output_name(words, input, options(words)?.format).display().to_string();
    let name = name.unwrap_or_else(|| words.dependencies.make.quote(&output));
    let text = dependencies::text(&name, &files, words.dependencies.phony, words.dependencies.make);
    match &words.dependencies.file {
        Some(path) => output::write(&Target::File(path.clone()), text.as_bytes(), Mode::Plain)?,
        None => super::help::print(text.as_bytes()).map(drop)?,
    }
    Ok(true)
}

/// A task that needs no assembler.
type Task<T> = fn(&Source, &Options, &dyn Loader, &mut SourceMap, &mut Diagnostics) -> Option<T>;

/// What it makes of the input; `None` after its mistakes were said.
fn expanded<T>(words: &Words, task: Task<T>) -> Result<(Option<T>, bool)> {
    let input = words.input.as_deref().context("no input file specified\nType nasm -h for help.")?;
    let text = DiskLoader.load(input).map_err(|error| anyhow!("{error}"))?;
    let source = Source { name: input.to_owned(), text, strict: false, language: Language::Nasm };
    let (mut map, options) = (SourceMap::new(), options(words)?);
    let mut diagnostics = Diagnostics::with_policy(words.reading.warnings.clone());
    let made = task(&source, &options, &DiskLoader, &mut map, &mut diagnostics);
    Speaker::new(words).show_all(&diagnostics, &map)?;
    Ok((made, !diagnostics.has_errors()))
}

/// Format, machine and the rest, as far as it is there.
fn options(words: &Words) -> Result<Options> {
    let name = words.format.as_deref().unwrap_or("bin");
    let is_expanded = words.task != words::Task::Assemble && format::other(name).is_some();
    let (machine, format) = match (format::parse(name), is_expanded) {
        (Ok(FormatName::Elf64 | FormatName::ElfX32), _) | (Err(_), true) => (Machine::X86_64, Format::Object),
        (Ok(FormatName::Elf32 | FormatName::Elf), _) => (Machine::I386, Format::Object),
        (Ok(FormatName::Bin), _) => (Machine::X86_64, Format::Flat),
        (Err(error), false) => bail!("unrecognised output format: {error}"),
    };
    let mut options = Options::new(machine);
    options.format = format;
    options.debug = words.reading.debug;
    options.x32 = name == FormatName::ElfX32.name();
    if options.x32 && options.debug {
        bail!("objects of elfx32 are written without debug information: leave out `-g`");
    }
    options.include_paths.clone_from(&words.reading.include_paths);
    options.preprocessor = preprocessor(&words.reading.before);
    options.preprocessor.format = name.into();
    let known = if format == Format::Flat { &[][..] } else { &["dwarf", "stabs"] };
    if let Some(other) = words.debug_format.as_deref().filter(|name| !known.contains(name)) {
        let format = words.format.as_deref().unwrap_or("bin");
        bail!("unrecognized debug format `{other}` for output format `{format}`\nType nasm -h for help.");
    }
    if words.debug_format.as_deref() == Some("stabs") {
        eprintln!("nasm: note: debug information is written as dwarf, not as stabs");
    }
    options.optimize = words.reading.level;
    options.affixes = words.reading.affixes.clone();
    options.preprocessor.list_flags = words.listing_flags;
    options.preprocessor.tasm = words.tasm;
    options.preprocessor.is_off = words.reading.no_preprocess;
    options.preprocessor.ignores_line = words.reading.ignore_line_directives;
    set_limits(&words.reading.limits, &mut options.preprocessor.limits);
    Ok(options)
}

/// `--limit-NAME`, also those that bound what does not grow here; what is none is only told of, as by nasm.
fn set_limits(given: &[(String, String)], limits: &mut Limits) {
    for (name, text) in given {
        let value = match text.eq_ignore_ascii_case("unlimited") {
            true => Some(u64::MAX),
            false => number(text.as_bytes()).ok().map(|number| number.value),
        };
        let problem = match value {
            None => format!("invalid limit value: `{text}'"),
            Some(value) if !limits.set(name, value) => format!("unknown limit: `{name}'"),
            Some(_) => continue,
        };
        eprintln!("nasm: warning: {problem} [-w+other]");
    }
}

/// For inputs whose name is that of the output already.
const SPARE_OUTPUT: &str = "nasm.out";

/// `-o`, or the input's name with the format's ending.
fn output_name(words: &Words, input: &Path, format: Format) -> PathBuf {
    if let Some(output) = &words.output {
        return output.clone();
    }
    let own = match format {
        Format::Object => input.with_extension("o"),
        _ => input.with_extension(""),
    };
    if own == input { PathBuf::from(SPARE_OUTPUT) } else { own }
}

/// `-MD`: into its file, or beside the output as `OUTPUT.d`.
fn write_dependencies(words: &Words, target: &Target, files: &[PathBuf]) -> Result<()> {
    let output = target.name();
    let name = words.dependencies.target.clone();
    let name = name.unwrap_or_else(|| words.dependencies.make.quote(&output));
    let file = words.dependencies.file.clone().unwrap_or_else(|| PathBuf::from(format!("{output}.d")));
    let text = dependencies::text(&name, files, words.dependencies.phony, words.dependencies.make);
    output::write(&Target::File(file), text.as_bytes(), Mode::Plain)
}
