//! What tinyelf makes of a case, without starting a process.

use std::path::Path;
use std::sync::Arc;

use tinyelf::elf::records::Machine;
use tinyelf::nasm::preproc::Setting;
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::WarningPolicy;
use tinyelf::source::{Diagnostic, Diagnostics, DiskLoader, LoadError, Loader, Severity, SourceMap, Span};

use crate::case::{Case, Message, Outcome};

/// Files as if the folder of the area were the current one.
struct Beside<'a>(&'a Path);

impl Loader for Beside<'_> {
    fn load(&self, path: &Path) -> Result<Arc<[u8]>, LoadError> {
        DiskLoader.load(&self.0.join(path))
    }
}

pub(crate) fn outcome(case: &Case) -> Outcome {
    run(case, &case.text, pipeline_build)
}

/// The same of another text, which may make a mebibyte.
pub(crate) fn bounded(case: &Case, text: &[u8]) -> Outcome {
    run_with(case, text, pipeline_build, |options| options.max_size = Some(1 << 20))
}

/// The text that `-E` writes.
pub(crate) fn expanded(case: &Case) -> Outcome {
    run(case, &case.text, preprocessed)
}

fn preprocessed(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    pipeline::preprocess(source, options, loader, map, diagnostics).filter(|_| !diagnostics.has_errors())
}

/// The same of another text.
pub(crate) fn expand(case: &Case, text: &[u8]) -> Outcome {
    run(case, text, pipeline::preprocess)
}

/// What another text with the options of a case assembles to.
pub(crate) fn assembled(case: &Case, text: &[u8]) -> Outcome {
    run(case, text, pipeline_build)
}

type Stage = fn(&Source, &Options, &dyn Loader, &mut SourceMap, &mut Diagnostics) -> Option<Vec<u8>>;

fn pipeline_build(
    source: &Source,
    options: &Options,
    loader: &dyn Loader,
    map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    pipeline::build(std::slice::from_ref(source), options, loader, map, diagnostics)
}

fn run(case: &Case, text: &[u8], stage: Stage) -> Outcome {
    run_with(case, text, stage, |_| {})
}

fn run_with(case: &Case, text: &[u8], stage: Stage, change: fn(&mut Options)) -> Outcome {
    let (mut options, policy) = options(case);
    change(&mut options);
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::with_policy(policy);
    let source =
        Source { name: case.file().into(), text: Arc::from(text), strict: false, language: Language::Nasm };
    let bytes = stage(&source, &options, &Beside(&case.folder), &mut map, &mut diagnostics);
    let shown = diagnostics.iter().map(|one| message(one, &map));
    let mut outcome = Outcome { messages: shown.collect(), bytes };
    outcome.sort();
    outcome
}

fn options(case: &Case) -> (Options, WarningPolicy) {
    let (machine, format) = match case.format() {
        "bin" => (Machine::X86_64, Format::Flat),
        "elf64" => (Machine::X86_64, Format::Object),
        "elf32" => (Machine::I386, Format::Object),
        other => panic!("{}: {other}?", case.name),
    };
    let mut options = Options::new(machine);
    options.format = format;
    options.preprocessor.environment.insert(b"GREETING".to_vec(), b"hello".to_vec());
    let mut policy = WarningPolicy { only_nasm: true, ..WarningPolicy::default() };
    let mut words = case.options.iter();
    while let Some(word) = words.next() {
        let settings = &mut options.preprocessor.settings;
        match (word.as_str(), word.get(2..).unwrap_or_default()) {
            ("-f", _) => drop(words.next()),
            ("--before", _) => settings.push(Setting::Before(words.next().unwrap().clone().into_bytes())),
            (word, value) if word.starts_with("-D") => settings.push(Setting::Define(value.into())),
            (word, value) if word.starts_with("-U") => settings.push(Setting::Undefine(value.into())),
            (word, value) if word.starts_with("-P") => settings.push(Setting::Include(value.into())),
            (word, value) if word.starts_with("-w") || word.starts_with("-W") => {
                policy.set(value).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            }
            (other, _) => panic!("{}: {other}?", case.name),
        }
    }
    (options, policy)
}

/// In the form of nasm: the line outside of all macros, then the lines inside.
fn message(diagnostic: &Diagnostic, map: &SourceMap) -> Message {
    let line = |span: Span| map.named_line(span).map_or(0, |place| place.1);
    let mut spans = vec![diagnostic.span];
    while let Some(expansion) = spans.last().and_then(|span| map.expansion(span.expansion)) {
        spans.push(expansion.use_site);
    }
    let outermost = spans.pop().unwrap_or(Span::NONE);
    let shown =
        |span: Span| format!("{}:{}", map.expansion(span.expansion).map_or("", |one| &*one.name), line(span));
    let word = match diagnostic.severity {
        Severity::Note => "note",
        severity => severity.word(),
    };
    let kind = diagnostic.name.map_or(word.to_owned(), |class| format!("{word} {class}"));
    Message {
        line: line(outermost),
        kind,
        text: diagnostic.message.clone(),
        trace: spans.into_iter().rev().map(shown).collect(),
    }
}
