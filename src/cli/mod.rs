//! The command line: parse, call the library, print.  One short file for each command.
//!
//! Only here does anything read arguments, environment or terminal, and only here is anything printed.  Exit
//! status: 0 done, 1 the source is wrong, 2 wrong use or a failing environment; `run` passes the program's on.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the layer that talks to people")]

mod arch;
mod arguments;
mod before;
mod build;
mod catalogue;
mod dependencies;
mod emit;
mod explain;
mod format;
mod help;
mod input;
mod inspect;
mod instructions;
mod json;
mod layouts;
mod loader;
mod make;
mod map_file;
mod message;
mod nasm;
mod near;
mod output;
mod render;
mod run;
mod see;
mod source;
mod status;
mod sys;
mod syscalls;
mod template;
mod templates;
mod watch;
mod wrap;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches as _;

use arguments::{Action, MessageOptions};
use message::Messages;

/// The source is wrong: it was said already.
const SOURCE_IS_WRONG: u8 = 1;
/// Wrong use, or the environment failed.
const FAILED: u8 = 2;

/// The command `tinyelf` as a function; what the binary calls.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    if words.first().is_some_and(|program| Path::new(program).file_stem().is_some_and(|stem| stem == "nasm"))
    {
        return nasm::main(&words[1..]);
    }
    // nasm's letters are its own, so clap does not see them.
    if words.get(1).is_some_and(|word| word == "nasm") {
        return nasm::main(&words[2..]);
    }
    dispatch(dependencies::long_options(words))
}

fn dispatch(words: Vec<OsString>) -> ExitCode {
    let templates = match catalogue::templates(&words) {
        Ok(templates) => templates,
        Err(error) => {
            Messages::default().failure(&error);
            return ExitCode::from(FAILED);
        }
    };
    let matches = match help::command(&templates).try_get_matches_from(&words) {
        Ok(matches) => matches,
        // clap writes help to standard output with status 0, errors to standard error with status 2.
        Err(error) => error.exit(),
    };
    let messages = match MessageOptions::from_arg_matches(&matches) {
        Ok(options) => options.messages(),
        Err(error) => error.exit(),
    };
    let (name, inner) = matches.subcommand().expect("a command is required");
    let outcome = match templates.iter().find(|template| template.name == name) {
        Some(template) => template::write(template, inner, messages),
        None => match Action::from_arg_matches(&matches) {
            Ok(Action::Build(options)) => build::build(&options, messages),
            Ok(Action::Run(_)) => run::run(inner, &templates, messages),
            Ok(Action::Sys(options)) => sys::write(&options, messages),
            Ok(Action::Wrap(options)) => wrap::wrap(&options, messages),
            Ok(Action::Inspect(options)) => inspect::inspect(&options, messages),
            Ok(Action::Layouts(_)) => layouts::show(inner, &templates, messages),
            Ok(Action::Templates(options)) => templates::list(&options, &templates, messages),
            Ok(Action::Syscalls(options)) => syscalls::list(&options),
            Ok(Action::Instructions(options)) => instructions::list(&options),
            Ok(Action::Explain { name }) => explain::explain(name.as_deref()),
            Ok(Action::Nasm { words }) => Ok(nasm::main(&words)),
            Ok(Action::Completions { shell }) => help::completions(shell, &templates),
            Ok(Action::Man { command }) => help::man(command.as_deref(), &templates),
            Err(error) => error.exit(),
        },
    };
    outcome.unwrap_or_else(|error| {
        messages.failure(&error);
        ExitCode::from(FAILED)
    })
}
