//! The table of contents of the program: every stage, called once, in order.
//!
//! ```text
//! Source ─ assemble ─> Unit ┐
//! Source ─ assemble ─> Unit ┼─ link ─> Unit ─ relax ─> Sizes ─ layout ─> Image ─ write ─> bytes
//!             Builder ─────>┘                    └─ lint ─> warnings
//! ```
//!
//! The same path for a file, a template and standard input; only what the stages are told differs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::debug;
use crate::elf::fixture::Fixture;
use crate::elf::records::{Class, Machine};
use crate::elf::write;
use crate::isa::x86::Optimize;
use crate::layout;
use crate::lint;
use crate::listing::{self, Origin};
use crate::nasm;
use crate::script;
use crate::source::{Diagnostic, Diagnostics, FileId, Loader, SourceMap, Span, WarningPolicy};
use crate::unit::{self, MapTarget, Unit};

/// One source of a program.
#[derive(Clone, Debug)]
pub struct Source {
    /// How messages call it.
    pub name: PathBuf,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Whether it is a template: then a value that does not fit is an error even where NASM only warns.
    pub strict: bool,
    /// What it is written in.
    pub language: Language,
}

/// What a source is written in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// NASM.
    #[default]
    Nasm,
    /// A system-call script, with the values of its `param` lines that were given.
    Script(BTreeMap<String, Vec<u8>>),
}

/// What is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A static executable for the machine.
    #[default]
    Executable,
    /// The bytes alone, `-f bin`.
    Flat,
    /// A relocatable file for a linker, `-c`.
    Object,
}

/// How a program is built.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it runs on.
    pub machine: Machine,
    /// What is made.
    pub format: Format,
    /// How an executable is laid out.
    pub layout: layout::Options,
    /// `-O`: how short instructions are made.
    pub optimize: Optimize,
    /// Whether the item table is wanted: golf and listings need it.
    pub items: bool,
    /// `--map`: whether it is wanted where each byte came from.
    pub origins: bool,
    /// `-g`: line information for debuggers, where the output has sections to hold it.
    pub debug: bool,
    /// Whether lints look at an executable made of NASM sources.
    pub lints: bool,
    /// `-f elfx32`: an object for the x32 ABI, 64-bit code with 32-bit addresses.
    pub x32: bool,
    /// `--max-size`: more bytes than this are an error, and 2 GiB always are.
    pub max_size: Option<u64>,
    /// `--set`, `--truncate`, `--append-zeros`: what is made wrong on purpose.
    pub fixture: Fixture,
    /// `-I`: where included files are looked for, after the name as written.
    pub include_paths: Vec<PathBuf>,
    /// What the preprocessor is told: `-D` and its kin, the environment, the time.
    pub preprocessor: nasm::preproc::Options,
    /// What stands around the names of symbols of NASM sources.
    pub affixes: nasm::Affixes,
    /// How a map file calls the output.
    pub output_name: PathBuf,
}

impl Options {
    /// A static executable in the standard layout.
    pub fn new(machine: Machine) -> Self {
        Options {
            machine,
            format: Format::Executable,
            layout: layout::Options::default(),
            optimize: Optimize::default(),
            items: false,
            origins: false,
            debug: false,
            lints: false,
            x32: false,
            max_size: None,
            fixture: Fixture::default(),
            include_paths: Vec::new(),
            preprocessor: nasm::preproc::Options::default(),
            affixes: nasm::Affixes::default(),
            output_name: PathBuf::new(),
        }
    }
}

/// A program, and where its bytes came from.
#[derive(Clone, Debug)]
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// In its order; empty unless [`Options::origins`] asks for them.
    pub origins: Vec<Origin>,
    /// What `[map]` asks for.
    pub map_file: Option<MapFile>,
}

/// A text that flat output's source wants to have written.
#[derive(Clone, Debug)]
pub struct MapFile {
    /// Where to.
    pub target: MapTarget,
    /// What.
    pub text: String,
    /// The directive that asked for it.
    pub span: Span,
}

/// Builds a program from its sources; `None` after an error was recorded.
pub fn build(
    sources: &[Source],
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    build_with_origins(sources, options, loader, map, diagnostics).map(|built| built.bytes)
}

/// The same with the origins of its bytes, where the options ask for them.
///
/// Every source is assembled before anything is said about the whole, so that one run shows as many mistakes as
/// it can.
pub fn build_with_origins(
    sources: &[Source],
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    let units: Vec<Option<Unit>> =
        sources.iter().map(|source| assemble(source, options, loader, map, diagnostics)).collect();
    let mut units = units.into_iter().collect::<Option<Vec<_>>>()?;
    if options.format == Format::Executable {
        units.iter_mut().for_each(layout::anchor_got);
    }
    let mut unit = unit::link(units, diagnostics)?;
    if let (Format::Object, [source, ..]) = (options.format, sources) {
        if options.debug {
            describe_lines(&mut unit, map, diagnostics)?;
        }
        return finish_object(&unit, source, options, map, diagnostics);
    }
    unit::place_commons(&mut unit);
    let options = &as_linked(sources, options);
    if options.format == Format::Executable {
        layout::place_got(&mut unit);
        layout::mark_entered(&mut unit, &options.layout);
        if options.debug {
            describe_lines(&mut unit, map, diagnostics)?;
        }
    }
    let is_linted =
        looks_at(options, diagnostics) && sources.iter().all(|one| one.language == Language::Nasm);
    finish_with(&unit, options, map, is_linted, diagnostics)
}

/// Options for NASM sources, which were written for nasm and ld.
fn as_linked(sources: &[Source], options: &Options) -> Options {
    let mut options = options.clone();
    options.layout.as_linked = sources.iter().all(|one| one.language == Language::Nasm && !one.strict);
    options
}

/// Whether lints look at what is built: flat bytes and objects are no programs yet.
fn looks_at(options: &Options, diagnostics: &Diagnostics) -> bool {
    options.lints && options.format == Format::Executable && lint::is_wanted(diagnostics.policy())
}

/// The size below which golf makes no file of these sources within a promise; `None` where it cannot take the program
/// apart, which the build says.
pub fn lower_bound(
    sources: &[Source],
    options: &Options,
    promise: layout::Promise,
    loader: &dyn Loader,
) -> Option<usize> {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let assemble = |source| assemble(source, options, loader, &mut map, &mut diagnostics);
    let mut units = sources.iter().map(assemble).collect::<Option<Vec<Unit>>>()?;
    units.iter_mut().for_each(layout::anchor_got);
    let mut unit = unit::link(units, &mut diagnostics)?;
    unit::place_commons(&mut unit);
    layout::place_got(&mut unit);
    let sizes = layout::relax(&unit, &mut diagnostics)?;
    let entry = layout::entry_place(&unit, &sizes, &options.layout)?;
    layout::lower_bound(&unit, &sizes, entry, promise).ok()
}

/// Adds the sections of line information; `None` after an error was recorded.
fn describe_lines(unit: &mut Unit, map: &SourceMap, diagnostics: &mut Diagnostics) -> Option<()> {
    let said = diagnostics.len();
    let sizes = layout::relax(unit, diagnostics)?;
    // What is to be said about sizes is said when they are found for good.
    diagnostics.truncate(said);
    debug::describe(unit, &sizes, map, diagnostics);
    Some(())
}

/// The source after its macros were expanded (`-E`), as far as that goes where errors are recorded; `None` when it is
/// too long to be read.
pub fn preprocess(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    expand(source, options, loader, map, diagnostics, nasm::preproc::preprocess)
}

/// The files that a source is made of (`-M`), itself first; `None` after an error was recorded.
pub fn dependencies(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<PathBuf>> {
    let files = expand(source, options, loader, map, diagnostics, nasm::preproc::dependencies)?;
    (!diagnostics.has_errors()).then_some(files)
}

/// What one of the tasks that need no assembler makes of a source.
fn expand<T>(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
    task: fn(nasm::preproc::Options, FileId, &mut dyn nasm::preproc::Host) -> T,
) -> Option<T> {
    let Some(file) = map.add(&source.name, source.text.clone()) else {
        diagnostics.push(too_much_text(source));
        return None;
    };
    let mut told = options.preprocessor.clone();
    told.include.clone_from(&options.include_paths);
    let format: &[u8] = match (options.format, options.machine) {
        (Format::Flat, _) => b"bin",
        (_, Machine::I386) => b"elf32",
        _ => b"elf64",
    };
    if told.format.is_empty() {
        told.format = format.to_vec();
    }
    Some(task(told, file, &mut nasm::preproc::Plain { map, diagnostics, loader }))
}

/// The listing of a source, in nasm's columns; `None` when it cannot be assembled, which [`build`] says.
pub fn listing(
    source: &Source,
    options: &Options,
    policy: WarningPolicy,
    loader: &dyn Loader,
) -> Option<String> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::with_policy(policy.clone());
    let mut options = Options { items: true, ..options.clone() };
    options.preprocessor.lists = true;
    let mut unit = assemble(source, &options, loader, &mut map, &mut diagnostics)?;
    if unit.list_flags != options.preprocessor.list_flags {
        // What `%pragma list options` says anywhere holds from the beginning: for nasm it is another pass.
        options.preprocessor.list_flags = unit.list_flags;
        (map, diagnostics) = (SourceMap::new(), Diagnostics::with_policy(policy));
        unit = assemble(source, &options, loader, &mut map, &mut diagnostics)?;
    }
    let sizes = layout::relax(&unit, &mut diagnostics)?;
    Some(listing::listing(&map, &unit, &sizes, &diagnostics))
}

/// One source to a unit; `None` after an error was recorded.
pub fn assemble(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Unit> {
    let Some(file) = map.add(&source.name, source.text.clone()) else {
        diagnostics.push(too_much_text(source));
        return None;
    };
    match &source.language {
        Language::Script(parameters) => {
            script::compile(map, file, &script_options(parameters, options), diagnostics)
        }
        Language::Nasm => {
            let mut how = match options.format {
                Format::Flat => nasm::Options::flat(options.machine),
                _ => nasm::Options::new(options.machine),
            };
            how.strict = source.strict;
            how.optimize = options.optimize;
            let is_linted = looks_at(options, diagnostics);
            how.items = options.items || options.origins || options.debug || is_linted;
            how.data_types = options.debug;
            how.include_paths.clone_from(&options.include_paths);
            how.preprocessor.clone_from(&options.preprocessor);
            how.affixes.clone_from(&options.affixes);
            how.most_bytes = most_contents(options);
            assemble_nasm(map, loader, file, &how, diagnostics)
        }
    }
}

/// A script as source text of the machine's assembler; `None` after an error was recorded, and for NASM source,
/// which is that already.
pub fn assembler_source(
    source: &Source,
    options: &Options,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let Language::Script(parameters) = &source.language else { return None };
    let Some(file) = map.add(&source.name, source.text.clone()) else {
        diagnostics.push(too_much_text(source));
        return None;
    };
    script::assembler_source(map, file, &script_options(parameters, options), diagnostics)
}

fn script_options(parameters: &BTreeMap<String, Vec<u8>>, options: &Options) -> script::Options {
    let mut how = script::Options::new(options.machine);
    how.plain = options.layout.kind == layout::Kind::Standard;
    how.low = options.layout.image_base.is_none();
    how.parameters.clone_from(parameters);
    how
}

/// A source whose answers depend on sizes is assembled until they agree with the sizes.
fn assemble_nasm(
    map: &mut SourceMap,
    loader: &dyn Loader,
    file: FileId,
    options: &nasm::Options,
    diagnostics: &mut Diagnostics,
) -> Option<Unit> {
    /// Real programs need two or three.
    const MOST_RUNS: usize = 50;
    let mut answers = nasm::Answers::default();
    let mark = diagnostics.len();
    for _ in 0..MOST_RUNS {
        diagnostics.truncate(mark);
        let unit = nasm::assemble(map, loader, file, options, &mut answers, diagnostics)?;
        if !answers.is_asked() {
            return Some(unit);
        }
        let said = diagnostics.len();
        let sizes = layout::relax(&unit, diagnostics);
        diagnostics.truncate(said);
        let Some(sizes) = sizes else { return Some(unit) };
        if answers.settle(&unit, &sizes) {
            return Some(unit);
        }
    }
    let message = "a number that the source asks for depends on sizes that depend on it: they never settle";
    diagnostics.error(Span::NONE, message);
    None
}

fn too_much_text(source: &Source) -> Diagnostic {
    let message = format!("`{}` is too much: all sources together may have 4 GiB", source.name.display());
    Diagnostic::error(Span::NONE, message)
}

/// A unit to a relocatable object; `None` after an error was recorded.
fn finish_object(
    unit: &Unit,
    source: &Source,
    options: &Options,
    map: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    unit::report_undeclared(unit, diagnostics);
    let sizes = layout::relax(unit, diagnostics)?;
    check_size(unit, &sizes, options, diagnostics)?;
    let class = if options.x32 { Class::Elf32 } else { unit.machine.class() };
    let name = source.name.as_os_str().as_encoded_bytes();
    let image = layout::object(unit, &sizes, class, name, diagnostics)?;
    let origins = options.origins.then(|| listing::origins(unit, &sizes, &image, map));
    if diagnostics.has_errors() {
        return None;
    }
    let bytes = file(&image, options, diagnostics)?;
    Some(Built { bytes, origins: origins.unwrap_or_default(), map_file: None })
}

/// How many bytes the sections may have together.  A layout that shares bytes may make a file smaller than they are,
/// and does so below this many.
fn most_contents(options: &Options) -> u64 {
    const SHARED: u64 = 64 << 10;
    options.max_size.map_or(nasm::MOST_BYTES, |most| most.saturating_add(SHARED).min(nasm::MOST_BYTES))
}

/// Refuses what would fill the memory or the disk before any of it is made.
fn check_size(
    unit: &Unit,
    sizes: &layout::Sizes,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let sections = (0_u32..).map(unit::SectionId).zip(&unit.sections);
    let in_file = sections.filter(|(_, section)| section.kind != unit::SectionKind::Nobits);
    let total = in_file.fold(0_u64, |sum, (id, _)| sum.saturating_add(sizes.section(unit, id)));
    let most = most_contents(options);
    if total <= most {
        return Some(());
    }
    let limit = options.max_size.unwrap_or(nasm::MOST_BYTES).min(nasm::MOST_BYTES);
    diagnostics.error(Span::NONE, format!("the file would have {total} bytes, and may have {limit}"));
    None
}

/// A whole program to the bytes of its file; `None` after an error was recorded.
pub fn finish(unit: &Unit, options: &Options, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
    finish_with(unit, options, &SourceMap::new(), false, diagnostics).map(|built| built.bytes)
}

/// The same with the sources' text; lints look at it if they are asked to.
fn finish_with(
    unit: &Unit,
    options: &Options,
    map: &SourceMap,
    is_linted: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    if options.format != Format::Flat {
        unit::report_undefined(unit, &|name| layout::is_bound(unit, name), diagnostics);
    }
    let sizes = layout::relax(unit, diagnostics)?;
    check_size(unit, &sizes, options, diagnostics)?;
    let mut map_file = None;
    let image = match options.format {
        Format::Executable => layout::executable(unit, &sizes, &options.layout, diagnostics)?,
        // Flat output defines some symbols itself, and tells of the others where they are used.
        Format::Flat => {
            let flat = layout::flat(unit, &sizes, diagnostics)?;
            map_file = describe_places(unit, &sizes, &flat, options, map);
            flat.image
        }
        Format::Object => {
            diagnostics.error(Span::NONE, "an object is made from sources");
            return None;
        }
    };
    if is_linted && !diagnostics.has_errors() {
        lint::check(unit, &sizes, map, &options.layout, diagnostics);
    }
    if diagnostics.has_errors() {
        return None;
    }
    let bytes = file(&image, options, diagnostics)?;
    let origins = options.origins.then(|| listing::origins(unit, &sizes, &image, map));
    Some(Built { bytes, origins: origins.unwrap_or_default(), map_file })
}

/// What the source's `[map]` asks for.
fn describe_places(
    unit: &Unit,
    sizes: &layout::Sizes,
    flat: &layout::Flat,
    options: &Options,
    map: &SourceMap,
) -> Option<MapFile> {
    let request = unit.map_request.as_ref()?;
    let (_, source) = map.files().next()?;
    let source = source.name.display().to_string();
    let output = options.output_name.display().to_string();
    let text = listing::map_file(unit, sizes, flat, request, &source, &output);
    Some(MapFile { target: request.target.clone()?, text, span: request.span })
}

/// An image to the bytes of its file, made wrong where that was asked for; `None` after an error was recorded.
fn file(image: &layout::Image, options: &Options, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
    let bytes = match options.fixture.apply(write::write(image)) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.error(Span::NONE, error.to_string());
            return None;
        }
    };
    if let Some(most) = options.max_size
        && bytes.len() as u64 > most
    {
        let (size, over) = (bytes.len(), bytes.len() as u64 - most);
        diagnostics
            .error(Span::NONE, format!("the file has {size} bytes, {over} more than `--max-size {most}`"));
        return None;
    }
    Some(bytes)
}
