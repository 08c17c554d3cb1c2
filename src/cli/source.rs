//! What command lines say about reading sources, in the order in which they say it: for `build`, `run` and `nasm`.

use std::path::PathBuf;

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

/// `-O`, with nasm's meaning (nasmdoc 2.1.24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Level {
    /// `-O0`.
    Zero,
    /// `-O1`.
    One,
    /// `-Ox`.
    #[default]
    Full,
}

/// The level that the letters and digits behind `-O` stand for; `None` for others.
pub(super) fn level(text: &str) -> Option<Level> {
    match text {
        "" | "x" | "v" | "xv" | "vx" => Some(Level::Full),
        "0" => Some(Level::Zero),
        "1" => Some(Level::One),
        // "Since the -Ox mode is the default" every other number means it.
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(Level::Full),
        _ => None,
    }
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
    /// `--prefix` and `--postfix`, for global, external and common symbols.
    pub(super) global_affixes: [String; 2],
    /// `--lprefix` and `--lpostfix`, for local symbols.
    pub(super) local_affixes: [String; 2],
    /// `-O`.
    pub(super) level: Level,
    /// `-w` and `-W`.
    pub(super) warnings: WarningPolicy,
    /// `--limit-NAME VALUE`.
    pub(super) limits: Vec<(String, u64)>,
    /// `-g`.
    pub(super) debug: bool,
}
