//! What command lines say about reading sources, in the order in which they say it: for `build`, `run` and `nasm`.

use std::path::PathBuf;

use crate::isa::x86::Optimize;
use crate::nasm::Affixes;
use crate::nasm::preproc::{self, Setting};
use crate::source::WarningPolicy;

/// Something to be done before the first source line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// `-D NAME[=TEXT]`.
    Define(String),
    /// `-U NAME`.
    Undefine(String),
    /// `-P FILE`, `--include FILE`.
    Include(PathBuf),
    /// `--before LINE`, and `--pragma TEXT` as `%pragma TEXT`.
    Line(String),
}

impl Before {
    /// `--pragma TEXT`.
    pub(super) fn pragma(text: String) -> Self {
        Before::Line(format!("%pragma {text}"))
    }
}

/// What the preprocessor is told: settings in order, and what a source may ask of its surroundings.
pub(super) fn preprocessor(before: &[Before]) -> preproc::Options {
    let settings = before.iter().map(|one| match one {
        Before::Define(text) => Setting::Define(text.clone().into_bytes()),
        Before::Undefine(name) => Setting::Undefine(name.clone().into_bytes()),
        Before::Include(path) => Setting::Include(path.clone()),
        Before::Line(line) => Setting::Before(line.clone().into_bytes()),
    });
    let bytes = |text: std::ffi::OsString| text.into_encoded_bytes();
    let time = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse().ok());
    preproc::Options {
        settings: settings.collect(),
        environment: std::env::vars_os().map(|(name, value)| (bytes(name), bytes(value))).collect(),
        time,
        ..preproc::Options::default()
    }
}

/// The level that the letters and digits behind `-O` stand for (nasmdoc 2.1.24); `None` for others.
///
/// The last one holds; `v` asks nasm to tell how many passes it needed, which is nothing to tell here.
pub(super) fn level(text: &str) -> Option<Optimize> {
    let mut level = Optimize::Full;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        level = match (first, rest[..digits].trim_start_matches('0')) {
            ('x', _) => Optimize::Full,
            ('v' | '+', _) => level,
            (_, "") if digits > 0 => Optimize::None,
            (_, "1") => Optimize::One,
            // The number of passes meant something once.
            _ if digits > 0 => Optimize::Full,
            _ => return None,
        };
        rest = &rest[digits.max(1)..];
    }
    Some(level)
}

/// How sources are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// In the order of the command line.
    pub(super) before: Vec<Before>,
    /// `-I`, in order.
    pub(super) include_paths: Vec<PathBuf>,
    /// `-a`: the text is assembled as it is.
    pub(super) no_preprocess: bool,
    /// `--no-line`.
    pub(super) ignore_line_directives: bool,
    /// `--prefix`, `--lprefix` and their counterparts.
    pub(super) affixes: Affixes,
    /// `-O`.
    pub(super) level: Optimize,
    /// `-w` and `-W`.
    pub(super) warnings: WarningPolicy,
    /// `--limit-NAME VALUE`.
    pub(super) limits: Vec<(String, String)>,
    /// `-g`.
    pub(super) debug: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_nasm_reads_them() {
        let check = |text, expected| assert_eq!(level(text), expected, "-O{text}");
        for text in ["", "x", "v", "+", "2", "5", "vx", "1x", "10", "99999999999"] {
            check(text, Some(Optimize::Full));
        }
        for text in ["1", "x1", "01", "1v", "1+"] {
            check(text, Some(Optimize::One));
        }
        for text in ["0", "v0", "0v", "00"] {
            check(text, Some(Optimize::None));
        }
        for text in ["q", "0q", "-1", "é", "1é"] {
            check(text, None);
        }
    }
}
