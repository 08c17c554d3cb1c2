//! nasm's own command line: letters with attached or following values, read in order.
//!
//! Options may follow the file; `--` ends them.  `NASMENV` is read first: its words are separated by spaces, or by
//! its first character when that is no dash (nasmdoc 2.1.33).  `-@ FILE` reads words from a file, one on a line.

use std::path::{Path, PathBuf};

use super::super::dependencies::Make;
use super::super::source::{self, Before, Reading};
use crate::unit::ListFlags;

/// `-X`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// `file:line: error: text`.
    #[default]
    Gnu,
    /// `file(line) : error: text`.
    Vc,
}

/// Where messages go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Channel {
    /// Standard error.
    #[default]
    Stderr,
    /// `-s`.
    Stdout,
    /// `-Z FILE`.
    File(PathBuf),
}

/// What is done with the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Task {
    /// Assemble.
    #[default]
    Assemble,
    /// `-E`.
    Preprocess,
    /// `-M` and `-MG`: print what it depends on.
    Dependencies,
    /// `-h`.
    Help,
    /// `-v`.
    Version,
    /// `-y`: which forms of debug information there are.
    DebugFormats,
}

/// `-M` and its kin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dependencies {
    /// `-MD`: written beside the assembly.
    pub(super) wanted: bool,
    /// `-MF`, or `-MD`'s own.
    pub(super) file: Option<PathBuf>,
    /// `-MT`, and `-MQ` with make's special characters quoted.
    pub(super) target: Option<String>,
    /// `-MP`.
    pub(super) phony: bool,
    /// `-MW`: whose rules it is written in.
    pub(super) make: Make,
    /// `-MG`: files that are missing will be made.
    pub(super) missing_are_made: bool,
}

/// A command line of nasm, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) task: Task,
    pub(super) input: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    pub(super) format: Option<String>,
    pub(super) listing: Option<PathBuf>,
    pub(super) listing_flags: ListFlags,
    /// `-t`.
    pub(super) tasm: bool,
    pub(super) debug_format: Option<String>,
    pub(super) look: Look,
    pub(super) channel: Channel,
    pub(super) dependencies: Dependencies,
    pub(super) reading: Reading,
    /// What `-w` named in vain while that was to be said.
    pub(super) unknown_warnings: Vec<String>,
}

/// Why a command line is not understood; shown as `nasm: error: …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WordError {
    #[error("option `{0}` requires an argument")]
    MissingValue(String),
    #[error("unrecognised option `{0}`")]
    Unknown(String),
    #[error("more than one input file specified: {0}")]
    SecondInput(String),
    #[error("more than one output file specified: {0}")]
    SecondOutput(String),
    #[error("more than one listing file specified: {0}")]
    SecondListing(String),
    #[error("more than one error file specified: {0}")]
    SecondErrors(String),
    #[error("unknown optimization option -O{0}")]
    Level(String),
    #[error("unrecognized error reporting format `{0}`")]
    Look(String),
    #[error("unable to open response file `{0}`")]
    Response(String),
    #[error("response files refer to each other without end")]
    ResponseDepth,
}

/// Splits the text of NASMENV.
pub(super) fn environment_words(text: &str) -> Vec<String> {
    let separator = text.chars().next().filter(|&first| first != '-').unwrap_or(' ');
    text.split(separator).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Understands a command line; `read` gives the text of a response file.
pub(super) fn parse(words: Vec<String>, read: &dyn Fn(&Path) -> Option<String>) -> Result<Words, WordError> {
    let mut parser = Parser { words: Words::default(), read, depth: 0 };
    parser.words.reading.warnings.only_nasm = true;
    parser.all(words)?;
    Ok(parser.words)
}

struct Parser<'a> {
    words: Words,
    read: &'a dyn Fn(&Path) -> Option<String>,
    depth: u32,
}

type Rest = std::iter::Peekable<std::vec::IntoIter<String>>;

impl Parser<'_> {
    fn all(&mut self, words: Vec<String>) -> Result<(), WordError> {
        let mut rest = words.into_iter().peekable();
        while let Some(word) = rest.next() {
            if word == "--" {
                return rest.try_for_each(|word| self.input(&word));
            }
            match word.strip_prefix("--") {
                Some(long) => self.long(&word, long, &mut rest)?,
                None => match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                    Some(letters) => self.letter(&word, letters, &mut rest)?,
                    None => self.input(&word)?,
                },
            }
        }
        Ok(())
    }

    fn input(&mut self, word: &str) -> Result<(), WordError> {
        match self.words.input.replace(PathBuf::from(word)) {
            Some(_) => Err(WordError::SecondInput(word.to_owned())),
            None => Ok(()),
        }
    }

    fn letter(&mut self, word: &str, letters: &str, rest: &mut Rest) -> Result<(), WordError> {
        let mut chars = letters.chars();
        let letter = chars.next().expect("the caller passes no empty word");
        let attached = chars.as_str().trim_start();
        let value = |rest: &mut Rest| -> Result<String, WordError> {
            if attached.is_empty() {
                rest.next().ok_or_else(|| WordError::MissingValue(format!("-{letter}")))
            } else {
                Ok(attached.to_owned())
            }
        };
        let words = &mut self.words;
        match letter {
            'o' => {
                let name = value(rest)?;
                if words.output.replace(PathBuf::from(&name)).is_some() {
                    return Err(WordError::SecondOutput(name));
                }
            }
            'f' => words.format = Some(value(rest)?.to_ascii_lowercase()),
            'l' => {
                let name = value(rest)?;
                if words.listing.replace(PathBuf::from(&name)).is_some() {
                    return Err(WordError::SecondListing(name));
                }
            }
            'Z' => {
                let name = value(rest)?;
                if matches!(words.channel, Channel::File(_)) {
                    return Err(WordError::SecondErrors(name));
                }
                words.channel = Channel::File(name.into());
            }
            'F' => {
                words.reading.debug = true;
                words.debug_format = Some(value(rest)?);
            }
            'd' | 'D' => words.reading.before.push(Before::Define(value(rest)?)),
            'u' | 'U' => words.reading.before.push(Before::Undefine(value(rest)?)),
            'p' | 'P' => words.reading.before.push(Before::Include(value(rest)?.into())),
            'i' | 'I' => words.reading.include_paths.push(value(rest)?.into()),
            'w' | 'W' => {
                let switch = value(rest)?;
                // What no version of nasm knows is passed over by it, too, so that newer build files work; where it would
                // be an error, nasm is silent.
                if let Err(unknown) = words.reading.warnings.set(&switch)
                    && words.reading.warnings.shows("unknown-warning")
                    && !words.reading.warnings.is_fatal("unknown-warning")
                {
                    words.unknown_warnings.push(unknown.0);
                }
            }
            'X' => {
                words.look = match value(rest)?.to_ascii_lowercase().as_str() {
                    "gnu" | "gcc" => Look::Gnu,
                    "vc" | "msvc" | "ms" => Look::Vc,
                    other => return Err(WordError::Look(other.to_owned())),
                }
            }
            'O' => {
                let text = value(rest)?;
                let level = source::level(&text).ok_or(WordError::Level(text))?;
                words.reading.level = level;
            }
            'L' => words.listing_flags.add(&value(rest)?),
            'g' => {
                words.reading.debug = true;
                if !attached.is_empty() {
                    words.debug_format = Some(attached.to_owned());
                }
            }
            'M' => return self.dependencies(word, attached, rest),
            '@' => {
                let file = value(rest)?;
                return self.response(&file);
            }
            'a' => words.reading.no_preprocess = true,
            'e' | 'E' if words.task == Task::Dependencies => {}
            'e' | 'E' => words.task = Task::Preprocess,
            'h' => words.task = Task::Help,
            'v' => words.task = Task::Version,
            'y' => words.task = Task::DebugFormats,
            's' if matches!(words.channel, Channel::File(_)) => {}
            's' => words.channel = Channel::Stdout,
            't' => words.tasm = true,
            _ => return Err(WordError::Unknown(word.to_owned())),
        }
        Ok(())
    }

    fn dependencies(&mut self, word: &str, which: &str, rest: &mut Rest) -> Result<(), WordError> {
        let missing = || WordError::MissingValue(word.to_owned());
        let dependencies = &mut self.words.dependencies;
        match which {
            "" => self.words.task = Task::Dependencies,
            "G" => {
                self.words.task = Task::Dependencies;
                dependencies.missing_are_made = true;
            }
            "P" => dependencies.phony = true,
            "D" => {
                dependencies.wanted = true;
                if let Some(file) = rest.next_if(|next| !next.starts_with('-')) {
                    dependencies.file = Some(file.into());
                }
            }
            "F" => dependencies.file = Some(rest.next().ok_or_else(missing)?.into()),
            "T" => dependencies.target = Some(rest.next().ok_or_else(missing)?),
            "Q" => dependencies.target = Some(dependencies.make.quote(&rest.next().ok_or_else(missing)?)),
            "W" => dependencies.make = Make::Watcom,
            _ => return Err(WordError::Unknown(word.to_owned())),
        }
        Ok(())
    }

    fn long(&mut self, word: &str, long: &str, rest: &mut Rest) -> Result<(), WordError> {
        let (name, attached) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let value = |rest: &mut Rest| {
            attached.clone().or_else(|| rest.next()).ok_or_else(|| WordError::MissingValue(word.to_owned()))
        };
        let words = &mut self.words;
        let affixes = &mut words.reading.affixes;
        match name.to_ascii_lowercase().as_str() {
            "prefix" | "gprefix" => set_first(&mut affixes.global[0], value(rest)?),
            "suffix" | "postfix" | "gsuffix" | "gpostfix" => set_first(&mut affixes.global[1], value(rest)?),
            "lprefix" => set_first(&mut affixes.local[0], value(rest)?),
            "lsuffix" | "lpostfix" => set_first(&mut affixes.local[1], value(rest)?),
            "include" => words.reading.before.push(Before::Include(value(rest)?.into())),
            "pragma" => words.reading.before.push(Before::pragma(value(rest)?)),
            "before" => words.reading.before.push(Before::Line(value(rest)?)),
            "no-line" => words.reading.ignore_line_directives = true,
            // Output is reproducible in any case, there is none to keep after an error, and no trace of our own work.
            "reproducible" | "keep-all" | "debug" => {}
            "help" => words.task = Task::Help,
            "version" | "v" => words.task = Task::Version,
            lower => match lower.strip_prefix("limit-") {
                Some(limit) => {
                    let number = value(rest)?;
                    words.reading.limits.push((limit.to_owned(), number));
                }
                None => return Err(WordError::Unknown(word.to_owned())),
            },
        }
        Ok(())
    }

    fn response(&mut self, file: &str) -> Result<(), WordError> {
        const DEEPEST: u32 = 16;
        if self.depth == DEEPEST {
            return Err(WordError::ResponseDepth);
        }
        let text = (self.read)(Path::new(file)).ok_or_else(|| WordError::Response(file.to_owned()))?;
        self.depth += 1;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        self.all(lines)?;
        self.depth -= 1;
        Ok(())
    }
}

/// Of several affixes the first counts.
fn set_first(place: &mut String, value: String) {
    if place.is_empty() {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Words, WordError> {
        let words = line.split('|').map(str::to_owned).collect();
        parse(words, &|path| (path == Path::new("r")).then(|| "-f elf64\n\n-DX=1\n-@ r2\n".to_owned()))
    }

    #[test]
    fn values_are_attached_or_follow() {
        let check = |line: &str, expected: Words| assert_eq!(words(line), Ok(expected), "{line}");
        let input = Some(PathBuf::from("a.asm"));
        let mut base = Words { format: Some("elf64".into()), input, ..Words::default() };
        base.reading.warnings.only_nasm = true;
        check("-f|elf64|a.asm", base.clone());
        check("-felf64|--|a.asm", base.clone());
        check("a.asm|-f elf64", base.clone());
        let mut defines = base.clone();
        defines.reading.before = vec![
            Before::Define("A=1".into()),
            Before::Undefine("B".into()),
            Before::Include("c.inc".into()),
            Before::Line("%pragma x y".into()),
        ];
        check("-felf64|-DA=1|-u|B|-P|c.inc|--pragma|x y|a.asm", defines);
        let mut affixes = base.clone();
        affixes.reading.affixes.global = ["_".into(), "$".into()];
        check("--prefix=_|-felf64|--postfix|$|a.asm", affixes);
        let mut debug = base.clone();
        debug.reading.debug = true;
        debug.debug_format = Some("dwarf".into());
        check("-g|-F|dwarf|-felf64|a.asm", debug.clone());
        check("-gdwarf|-felf64|a.asm", debug);
    }

    #[test]
    fn dependencies_take_their_files() {
        let dependencies = |line: &str| words(line).unwrap().dependencies;
        assert_eq!(dependencies("-MD|x.d|a.asm").file, Some("x.d".into()));
        assert_eq!(dependencies("-MD|-MF|y.d|a.asm").file, Some("y.d".into()));
        assert_eq!(dependencies("-MD|-o|x|a.asm").file, None);
        assert_eq!(dependencies("-M|-MQ|a b$|a.asm").target.as_deref(), Some("a\\ b$$"));
        assert_eq!(words("-M|-MG|a.asm").unwrap().task, Task::Dependencies);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let check = |line: &str, expected: &str| assert_eq!(words(line).unwrap_err().to_string(), expected);
        check("-f", "option `-f` requires an argument");
        check("-Y|a.asm", "unrecognised option `-Y`");
        check("--bogus", "unrecognised option `--bogus`");
        check("a.asm|b.asm", "more than one input file specified: b.asm");
        check("-Oq|a.asm", "unknown optimization option -Oq");
        check("-Xfoo|a.asm", "unrecognized error reporting format `foo`");
        check("-@|r", "unable to open response file `r2`");
    }

    #[test]
    fn the_environment_is_split_at_its_first_character() {
        assert_eq!(environment_words("-f elf64  -g"), ["-f", "elf64", "-g"]);
        assert_eq!(environment_words("!-Ia b!-g"), ["-Ia b", "-g"]);
        assert!(environment_words("").is_empty());
    }
}
