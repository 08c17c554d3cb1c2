//! The programs that come with tinyelf: text with parameters, found by name.
//!
//! A template is one or more files of the same name: `NAME.sys` (a script, for every machine) or
//! `NAME.MACHINE.asm` (NASM source).  The first comment line says what it is for, then come its parameters:
//!
//! ```text
//! ; prints a message
//! ; param message: line = "Hello, World!" "what to print"
//! ```
//!
//! In NASM source `{message}` stands for the value: a number, or a string in backquotes.  The files of
//! `templates/` are embedded when tinyelf is built.

mod header;
mod parameter;

pub use header::TemplateError;
pub use parameter::{Kind, Parameter, Value, ValueError};

use std::collections::BTreeMap;

use crate::elf::records::Machine;

/// The files of `templates/`: name and text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// What a template's text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// NASM source; values are put in by tinyelf before it is assembled.
    Nasm,
    /// A system-call script, which declares its parameters itself.
    Script,
}

/// A program with parameters.
#[derive(Clone, Debug)]
pub struct Template {
    /// How users call it.
    pub name: String,
    /// What it is for, from its first line.
    pub about: String,
    /// In the order of the command line.
    pub parameters: Vec<Parameter>,
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    /// `None` for a script, which is for all of them.
    machine: Option<Machine>,
    text: String,
}

/// A template's source for one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's name, for messages.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// The text, values put in where the language is NASM's.
    pub text: Vec<u8>,
}

impl Template {
    /// The machines it can be built for.
    pub fn machines(&self) -> impl Iterator<Item = Machine> {
        Machine::ALL.into_iter().filter(|&machine| self.file(machine).is_some())
    }

    /// Its source for a machine, with a value for each parameter in order; where one is `None` the default
    /// stands.  `None` when the template does not exist for that machine.
    pub fn source(&self, machine: Machine, values: &[Option<Value>]) -> Option<Source> {
        let file = self.file(machine)?;
        let language = if file.machine.is_some() { Language::Nasm } else { Language::Script };
        let text = match language {
            Language::Nasm => self.fill(&file.text, values),
            Language::Script => file.text.clone(),
        };
        Some(Source { name: file.name.clone(), language, text: text.into_bytes() })
    }

    /// One pass over the text, so that a value which looks like a parameter stays as it is.
    fn fill(&self, text: &str, values: &[Option<Value>]) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let found = self.parameters.iter().enumerate().find_map(|(index, parameter)| {
                let tail = after.strip_prefix(parameter.name.as_str())?.strip_prefix('}')?;
                let value = values.get(index).and_then(Option::as_ref).or(parameter.default.as_ref())?;
                Some((value.as_nasm(), tail))
            });
            match found {
                Some((value, tail)) => {
                    out.push_str(&value);
                    rest = tail;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// The values that a script is compiled with, by name: those that were given.  It knows its defaults itself,
    /// and what it reads when it runs.
    pub fn script_values(&self, values: &[Option<Value>]) -> BTreeMap<String, Vec<u8>> {
        let given = self.parameters.iter().zip(values);
        given
            .filter_map(|(parameter, value)| Some((parameter.name.clone(), value.as_ref()?.as_word())))
            .collect()
    }

    /// Whether a value that is missing is read from the program's own arguments when it runs.
    pub fn reads_late(&self) -> bool {
        self.files.iter().all(|file| file.machine.is_none())
    }

    fn file(&self, machine: Machine) -> Option<&File> {
        self.files.iter().find(|file| file.machine.is_none_or(|own| own == machine))
    }
}

/// The templates that come with tinyelf, by name.
pub fn catalogue() -> Vec<Template> {
    parse(EMBEDDED.iter().copied()).expect("a test reads every embedded template")
}

/// Templates from files: pairs of name and text.
///
/// # Errors
/// When a file's name or header is not as described in this module.
pub fn parse<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Template>, TemplateError> {
    let mut templates: Vec<Template> = Vec::new();
    for (file_name, text) in files {
        let (name, machine) = header::split_name(file_name)?;
        let (about, parameters) = header::parse(file_name, text)?;
        let file = File { name: file_name.to_owned(), machine, text: text.to_owned() };
        match templates.iter_mut().find(|template| template.name == name) {
            Some(template) if template.about == about && template.parameters == parameters => {
                template.files.push(file);
            }
            Some(_) => return Err(TemplateError::Differs { file: file.name }),
            None => {
                templates.push(Template { name: name.to_owned(), about, parameters, files: vec![file] });
            }
        }
    }
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(templates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_template_can_be_read() {
        let templates = parse(EMBEDDED.iter().copied()).unwrap();
        assert!(templates.iter().any(|template| template.name == "hello"));
    }

    #[test]
    fn files_of_one_template_must_say_the_same() {
        let check = |second: &str, expected: &str| {
            let files = [("x.i386.asm", "; waits\n; param n: port = 1 \"h\"\n"), ("x.x86_64.asm", second)];
            let said = parse(files).map(|templates| templates[0].files.len().to_string());
            assert!(said.clone().unwrap_or_else(|error| error.to_string()).starts_with(expected), "{said:?}");
        };
        check("; waits\n; param n: port = 1 \"h\"\nnop\n", "2");
        check(
            "; sleeps\n; param n: port = 1 \"h\"\n",
            "x.x86_64.asm: its first line or its parameters differ",
        );
        check(
            "; waits\n; param n: port = 2 \"h\"\n",
            "x.x86_64.asm: its first line or its parameters differ",
        );
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        let text = "; says it\n; param text: line = \"a\" \"what\"\n; param n: int 0..9 = 4 \"how often\"\n\
                    times {n} db {text}\n";
        let templates = parse([("say.i386.asm", text)]).unwrap();
        let check = |values: &[Option<Value>], expected: &str| {
            let source = templates[0].source(Machine::I386, values).unwrap();
            assert_eq!(String::from_utf8(source.text).unwrap().lines().last().unwrap(), expected);
        };
        check(&[], "times 4 db `a\\n`");
        check(
            &[Some(Value::Bytes(b"`\\'\"\x1b\xff".to_vec())), Some(Value::Int(7))],
            "times 7 db `\\`\\\\'\"\\x1B\\xFF`",
        );
        check(&[Some(Value::Bytes(b"{n}{".to_vec()))], "times 4 db `{n}{`");
        assert!(templates[0].source(Machine::X86_64, &[]).is_none());
    }
}
