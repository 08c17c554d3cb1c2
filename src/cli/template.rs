//! Templates as commands: `tinyelf hello [MESSAGE]`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};

use super::arguments::{TargetOptions, WriteOptions};
use super::make;
use super::message::Messages;
use crate::elf::records::Machine;
use crate::pipeline::{Language, Source};
use crate::template::{self, Kind, Parameter, Template, Value};

/// The command that writes the template's program.
pub(super) fn command(template: &Template) -> Command {
    let command = arguments(template);
    WriteOptions::augment_args(TargetOptions::augment_args(command))
        .about(sentence(&template.about))
        .after_help(format!("Example:\n  tinyelf {name} && ./out/{name}", name = template.name))
}

/// The template's own arguments; for the commands that do something else with it.
pub(super) fn arguments(template: &Template) -> Command {
    let mut command = Command::new(template.name.clone()).about(sentence(&template.about));
    for parameter in &template.parameters {
        command = command.arg(argument(parameter).required(is_required(template, parameter)));
    }
    if template.parameters.iter().any(|parameter| parameter.kind == Kind::Line) {
        let flag = Arg::new(NO_NEWLINE).short('n').long(NO_NEWLINE).action(ArgAction::SetTrue);
        command = command.arg(flag.help("Put no newline behind it"));
    }
    command
}

const NO_NEWLINE: &str = "no-newline";

/// What clap calls a parameter: no option of tinyelf has such a name.
fn id(parameter: &Parameter) -> String {
    format!("parameter {}", parameter.name)
}

/// With a capital, as clap writes its own.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A script reads what is missing when it runs; NASM source cannot.
fn is_required(template: &Template, parameter: &Parameter) -> bool {
    parameter.default.is_none() && !template.reads_late()
}

fn argument(parameter: &Parameter) -> Arg {
    let default = match (&parameter.kind, &parameter.default) {
        (_, None) => String::new(),
        (Kind::Line, Some(Value::Bytes(bytes))) => {
            format!(" [default: {}]", String::from_utf8_lossy(bytes).trim_end_matches('\n'))
        }
        (_, Some(Value::Bytes(bytes))) => format!(" [default: {}]", String::from_utf8_lossy(bytes)),
        (_, Some(Value::Int(number))) => format!(" [default: {number}]"),
        (_, Some(Value::Ip(address))) => format!(" [default: {address}]"),
    };
    let named = Arg::new(id(parameter));
    let named = if parameter.option { named.long(parameter.name.clone()) } else { named };
    named
        .value_name(parameter.name.to_uppercase())
        .help(format!("{}{default}", sentence(&parameter.help)))
        .value_parser(clap::value_parser!(OsString))
        // `tinyelf exit -1` is a number that is out of range, not an unknown option.
        .allow_negative_numbers(true)
}

/// The values that were given, in the template's order.
pub(super) fn values(template: &Template, matches: &ArgMatches) -> Result<Vec<Option<Value>>> {
    template.parameters.iter().map(|parameter| value(parameter, matches)).collect()
}

fn value(parameter: &Parameter, matches: &ArgMatches) -> Result<Option<Value>> {
    let no_newline = parameter.kind == Kind::Line && matches.get_flag(NO_NEWLINE);
    let given = match matches.get_one::<OsString>(&id(parameter)) {
        Some(word) => {
            let value = parameter.kind.value(word.as_encoded_bytes());
            Some(value.with_context(|| parameter.name.to_uppercase())?)
        }
        None if no_newline => parameter.default.clone(),
        None => None,
    };
    Ok(given.map(|value| match value {
        Value::Bytes(mut bytes) if no_newline => {
            bytes.pop();
            Value::Bytes(bytes)
        }
        value => value,
    }))
}

/// The template's source for one machine.
pub(super) fn source(template: &Template, machine: Machine, values: &[Option<Value>]) -> Result<Source> {
    let Some(source) = template.source(machine, values) else {
        let known: Vec<_> = template.machines().map(Machine::name).collect();
        bail!("`{}` is not made for {}; it is for {}", template.name, machine.name(), known.join(", "));
    };
    let language = match source.language {
        template::Language::Nasm => Language::Nasm,
        template::Language::Script => Language::Script(template.script_values(values)),
    };
    Ok(Source { name: PathBuf::from(source.name), text: Arc::from(source.text), strict: true, language })
}

/// Builds the template for each machine that was asked for and writes the programs.
pub(super) fn write(template: &Template, matches: &ArgMatches, messages: Messages) -> Result<ExitCode> {
    let target = TargetOptions::from_arg_matches(matches)?;
    let write = WriteOptions::from_arg_matches(matches)?;
    let values = values(template, matches)?;
    make::executables(template.name.as_ref(), &target, &write, messages, |machine| {
        Ok(vec![source(template, machine, &values)?])
    })
}
