//! Templates as commands: `tinyelf hello [MESSAGE]`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};

use super::SOURCE_IS_WRONG;
use super::arguments::{TargetOptions, WriteOptions};
use super::build::program;
use super::message::Messages;
use super::output::{self, Mode, Target};
use super::status::{self, Made};
use crate::elf::records::Machine;
use crate::pipeline::{Language, Options, Source};
use crate::template::{Kind, Parameter, Template, Value};

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
        command = command.arg(argument(parameter));
        if parameter.kind == Kind::Line {
            command = command.arg(
                Arg::new("no-newline")
                    .short('n')
                    .long("no-newline")
                    .action(ArgAction::SetTrue)
                    .help("Put no newline behind it"),
            );
        }
    }
    command
}

/// With a capital, as clap writes its own.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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
    Arg::new(parameter.name.clone())
        .value_name(parameter.name.to_uppercase())
        .help(format!("{}{default}", sentence(&parameter.help)))
        .value_parser(clap::value_parser!(OsString))
        .required(parameter.default.is_none())
        // `tinyelf exit -1` is a number that is out of range, not an unknown option.
        .allow_negative_numbers(true)
}

/// The values that were given, in the template's order.
pub(super) fn values(template: &Template, matches: &ArgMatches) -> Result<Vec<Option<Value>>> {
    template.parameters.iter().map(|parameter| value(parameter, matches)).collect()
}

fn value(parameter: &Parameter, matches: &ArgMatches) -> Result<Option<Value>> {
    let given = match matches.get_one::<OsString>(&parameter.name) {
        Some(word) => {
            let value = parameter.kind.value(word.as_encoded_bytes());
            Some(value.with_context(|| parameter.name.to_uppercase())?)
        }
        None => parameter.default.clone(),
    };
    let no_newline = parameter.kind == Kind::Line && matches.get_flag("no-newline");
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
        crate::template::Language::Nasm => Language::Nasm,
        crate::template::Language::Script => Language::Script(script_values(template, values)),
    };
    Ok(Source { name: PathBuf::from(source.name), text: Arc::from(source.text), strict: true, language })
}

/// The values that were given, by name, as a script takes them.
fn script_values(template: &Template, values: &[Option<Value>]) -> BTreeMap<String, Vec<u8>> {
    let given = template.parameters.iter().zip(values);
    let given = given.filter_map(|(parameter, value)| Some((parameter, value.as_ref()?)));
    given
        .map(|(parameter, value)| {
            let text = match value {
                Value::Int(number) => number.to_string().into_bytes(),
                Value::Bytes(bytes) => bytes.clone(),
                Value::Ip(address) => address.to_string().into_bytes(),
            };
            (parameter.name.clone(), text)
        })
        .collect()
}

/// Builds the template for each machine that was asked for and writes the programs.
pub(super) fn write(template: &Template, matches: &ArgMatches, messages: Messages) -> Result<ExitCode> {
    let target = TargetOptions::from_arg_matches(matches)?;
    let write = WriteOptions::from_arg_matches(matches)?;
    let values = values(template, matches)?;
    let machines = target.arch.as_ref().map_or(vec![Machine::X86_64], |machines| machines.0.clone());
    let several = machines.len() > 1;
    let paths = machines.iter().map(|&machine| path(template, &write, machine, several));
    let paths = paths.collect::<Result<Vec<_>>>()?;
    let mut built = Vec::new();
    for (machine, path) in machines.into_iter().zip(paths) {
        let mut options = Options::new(machine);
        options.layout.kind = target.layout.map(|name| name.kind()).unwrap_or_default();
        let source = source(template, machine, &values)?;
        let Some(bytes) = program(&[source], &options, messages) else {
            return Ok(ExitCode::from(SOURCE_IS_WRONG));
        };
        built.push((path, bytes, options));
    }
    for (target, bytes, _) in &built {
        output::write(target, bytes, Mode::Executable)?;
    }
    if !write.quiet {
        let made = built.iter().map(|(target, bytes, options)| Made { target, size: bytes.len(), options });
        status::print(&made.collect::<Vec<_>>());
    }
    Ok(ExitCode::SUCCESS)
}

/// `out/hello`, or `out/hello.i386` when several are made.
fn path(template: &Template, write: &WriteOptions, machine: Machine, several: bool) -> Result<Target> {
    let target = Target::new(write.output.as_deref(), template.name.as_ref());
    Ok(match target {
        Target::Stdout if several => bail!("`-o -` takes one program; name one machine with `--arch`"),
        Target::File(path) if several => {
            let mut path = path.into_os_string();
            path.push(".");
            path.push(machine.name());
            Target::File(path.into())
        }
        target => target,
    })
}
