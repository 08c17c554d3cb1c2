//! `tinyelf sys 'STATEMENTS' ...`: a system-call script from the command line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use super::arguments::SysOptions;
use super::message::Messages;
use super::{input, make};
use crate::pipeline::{Language, Source};

/// Builds the script for each machine that was asked for and writes the programs.
pub(super) fn write(options: &SysOptions, messages: Messages) -> Result<ExitCode> {
    let source = source(&options.statements)?;
    make::executables(Path::new("sys"), &options.target, &options.write, messages, |_| {
        Ok(vec![source.clone()])
    })
}

/// The arguments joined by newlines; `-` alone is standard input.
pub(super) fn source(statements: &[OsString]) -> Result<Source> {
    let language = Language::Script(BTreeMap::new());
    if statements == ["-"] {
        return Ok(Source { name: PathBuf::from("<stdin>"), text: input::stdin()?, strict: true, language });
    }
    let words: Vec<&[u8]> = statements.iter().map(|word| word.as_encoded_bytes()).collect();
    let mut text = words.join(&b'\n');
    text.push(b'\n');
    Ok(Source { name: PathBuf::from("<sys>"), text: Arc::from(text), strict: true, language })
}
