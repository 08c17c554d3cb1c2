//! The command as clap sees it: commands and templates together; and what is derived from it.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Arg, Command, CommandFactory as _};

use super::arguments::Arguments;
use super::template as template_command;
use crate::template::Template;

const EXAMPLES: &str = "\
Examples:
  tinyelf hello                      write out/hello, a program that greets
  tinyelf build prog.asm -o prog     NASM source to a static executable
  tinyelf run prog.asm -- one two    build in memory and execute
  tinyelf exit 3 --layout compact    the same programs, smaller";

/// Everything that can be typed.
pub(super) fn command(templates: &[Template]) -> Command {
    let mut root = Arguments::command();
    let text = help_text(&root, templates);
    for template in templates {
        root = root.subcommand(template_command::command(template));
    }
    root.mut_subcommand("layouts", |layouts| {
        layouts.subcommands(templates.iter().map(template_command::arguments))
    })
    .mut_subcommand("run", |run| run.subcommand(sys_in_run()).subcommands(templates.iter().map(in_run)))
    .disable_help_subcommand(true)
    .help_template(text)
}

/// A template after `run`: its own words, then what the program is given.
fn in_run(template: &Template) -> Command {
    template_command::arguments(template).arg(program_arguments())
}

/// `run sys 'STATEMENTS' ...`.
fn sys_in_run() -> Command {
    let words = clap::value_parser!(std::ffi::OsString);
    let statements = Arg::new("statements").required(true).num_args(1..).value_name("STATEMENTS");
    Command::new("sys")
        .about("Executes a script from the command line")
        .arg(statements.value_parser(words).help("Statements of a script"))
        .arg(program_arguments())
}

fn program_arguments() -> Arg {
    let words = clap::value_parser!(std::ffi::OsString);
    let rest = Arg::new("arguments").last(true).num_args(0..).value_name("ARGS");
    rest.value_parser(words).help("What the program is given")
}

/// Examples first, templates under a heading of their own.
fn help_text(root: &Command, templates: &[Template]) -> String {
    let commands: Vec<_> = root
        .get_subcommands()
        .map(|one| (one.get_name().to_owned(), one.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    let templates: Vec<_> = templates
        .iter()
        .map(|template| (template.name.clone(), template_command::sentence(&template.about)))
        .collect();
    let width = commands.iter().chain(&templates).map(|(name, _)| name.len()).max().unwrap_or(0);
    let list = |entries: &[(String, String)]| {
        entries.iter().map(|(name, about)| format!("\n  {name:width$}  {about}")).collect::<String>()
    };
    format!(
        "{{about}}\n\n{EXAMPLES}\n\nUsage: {{usage}}\n\nCommands:{}\n\n\
         Templates (programs that come with tinyelf; each is a command):{}\n\nOptions:\n{{options}}\n\n\
         `tinyelf COMMAND --help` says more.",
        list(&commands),
        list(&templates)
    )
}

/// `tinyelf completions SHELL`.
pub(super) fn completions(shell: clap_complete::Shell, templates: &[Template]) -> Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command(templates), "tinyelf", &mut text);
    print(&text)
}

/// `tinyelf man [COMMAND]`.
pub(super) fn man(name: Option<&str>, templates: &[Template]) -> Result<ExitCode> {
    let mut command = command(templates);
    command.build();
    let command = match name {
        None => command,
        Some(name) => {
            let found =
                command.find_subcommand(name).with_context(|| format!("no command is called `{name}`"))?;
            found.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text).expect("a vector takes all text");
    print(&text)
}

/// To standard output; a reader that went away is no error.
pub(super) fn print(text: &[u8]) -> Result<ExitCode> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
