//! The head of a template file: what it is for, and its parameters.
//!
//! ```text
//! about   = comment text
//! param   = [comment] "param" ["--"] NAME ":" TYPE ["=" DEFAULT] STRING
//! TYPE    = "int" LOW ".." HIGH | "string" | "line" | "ip" | "port" | "syscall" | "word"
//! DEFAULT = number | STRING | address
//! ```

use super::{Kind, Parameter, Value, ValueError};
use crate::elf::records::Machine;

/// What is wrong with a template file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The name is neither `NAME.sys` nor `NAME.MACHINE.asm`.
    #[error("`{0}`: a template is called NAME.sys or NAME.MACHINE.asm")]
    Name(String),
    /// The first line is no comment.
    #[error("{0}: the first line must be a comment that says what the template is for")]
    About(String),
    /// A `param` line that cannot be read.
    #[error(
        "{file}:{line}: expected `param NAME: TYPE = DEFAULT \"help\"`, with int LOW..HIGH, string, line, ip, port, syscall or word"
    )]
    Parameter {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
    },
    /// A parameter that must be given behind one that may be left out, or two of one name.
    #[error("{file}:{line}: `{name}` {reason}")]
    Order {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// The parameter.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Two files of one name that say different things of themselves.
    #[error(
        "{file}: its first line or its parameters differ from those of the same template for another machine"
    )]
    Differs {
        /// The second file.
        file: String,
    },
    /// A default that is no such value.
    #[error("{file}:{line}: {error}")]
    Default {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        error: ValueError,
    },
}

/// `hello.i386.asm` is `hello` for i386; `hello.sys` is `hello` for all.
pub(super) fn split_name(path: &str) -> Result<(&str, Option<Machine>), TemplateError> {
    let wrong = || TemplateError::Name(path.to_owned());
    let file = path.rsplit(std::path::is_separator).next().unwrap_or(path);
    let name = match file.strip_suffix(".sys") {
        Some(name) => (name, None),
        None => {
            let (name, machine) =
                file.strip_suffix(".asm").ok_or_else(wrong)?.rsplit_once('.').ok_or_else(wrong)?;
            let machine = Machine::ALL.into_iter().find(|one| one.name() == machine).ok_or_else(wrong)?;
            (name, Some(machine))
        }
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.0.is_empty() || !name.0.chars().all(plain) { Err(wrong()) } else { Ok(name) }
}

/// What the template is for, and its parameters.
pub(super) fn parse(file: &str, text: &str) -> Result<(String, Vec<Parameter>), TemplateError> {
    let mut lines = text.lines().enumerate().peekable();
    lines.next_if(|(_, line)| line.starts_with("#!"));
    let about = lines.next().and_then(|(_, line)| comment(line)).filter(|about| !about.is_empty());
    let about = about.ok_or_else(|| TemplateError::About(file.to_owned()))?;
    let mut parameters = Vec::new();
    for (index, line) in lines {
        let body = comment(line).unwrap_or(line.trim());
        if let Some(rest) = body.strip_prefix("param ") {
            let new = parameter(file, index + 1, rest)?;
            if let Some(reason) = misplaced(&new, &parameters) {
                return Err(TemplateError::Order {
                    file: file.to_owned(),
                    line: index + 1,
                    name: new.name,
                    reason,
                });
            }
            parameters.push(new);
        } else if comment(line).is_none() && !body.is_empty() {
            break;
        }
    }
    Ok((about.to_owned(), parameters))
}

/// Why a parameter cannot follow those before it.
fn misplaced(new: &Parameter, before: &[Parameter]) -> Option<&'static str> {
    if before.iter().any(|one| one.name == new.name) {
        return Some("is there twice");
    }
    let optional = before.iter().any(|one| !one.option && one.default.is_some());
    (optional && new.default.is_none()).then_some("needs a default, as one before it has one")
}

fn comment(line: &str) -> Option<&str> {
    let line = line.trim();
    line.strip_prefix([';', '#']).map(str::trim)
}

fn parameter(file: &str, line: usize, text: &str) -> Result<Parameter, TemplateError> {
    let wrong = || TemplateError::Parameter { file: file.to_owned(), line };
    let (name, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (option, name) = match name.trim().strip_prefix("--") {
        Some(name) => (true, name),
        None => (false, name.trim()),
    };
    let (rest, help) = final_string(rest).ok_or_else(wrong)?;
    let (kind, default) = match rest.split_once('=') {
        Some((kind, default)) => (kind.trim(), Some(default.trim())),
        None => (rest.trim(), None),
    };
    let kind = parse_kind(kind).ok_or_else(wrong)?;
    let default = default.map(|default| parse_default(&kind, default)).transpose();
    let default = default.map_err(|error| TemplateError::Default { file: file.to_owned(), line, error })?;
    if option && default.is_none() {
        return Err(wrong());
    }
    Ok(Parameter { name: name.to_owned(), option, kind, default, help: help.to_owned() })
}

/// Splits `… "help"` at its last string.
fn final_string(text: &str) -> Option<(&str, &str)> {
    text.trim().strip_suffix('"')?.rsplit_once('"')
}

fn parse_kind(text: &str) -> Option<Kind> {
    Some(match text {
        "string" => Kind::String,
        "line" => Kind::Line,
        "ip" => Kind::Ip,
        "port" => Kind::Port,
        "syscall" => Kind::Syscall,
        "word" => Kind::Word,
        _ => {
            let (low, high) = text.strip_prefix("int ")?.trim().split_once("..")?;
            Kind::Int { low: low.parse().ok()?, high: high.parse().ok()? }
        }
    })
}

fn parse_default(kind: &Kind, text: &str) -> Result<Value, ValueError> {
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    kind.value(bare.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_in_both_languages() {
        let check = |text: &str| {
            let (about, parameters) = parse("x.sys", text).unwrap();
            assert_eq!(about, "waits");
            assert_eq!(parameters.len(), 1);
            assert_eq!(parameters[0].kind, Kind::Int { low: 0, high: 9 });
            assert_eq!(parameters[0].default, Some(Value::Int(3)));
            assert_eq!(parameters[0].help, "how long");
        };
        check("; waits\n; param n: int 0..9 = 3 \"how long\"\nnop\n");
        check("#!/usr/bin/tinyelf\n# waits\n\nparam n: int 0..9 = 3 \"how long\"\nexit(0)\n");
    }

    #[test]
    fn a_header_that_cannot_be_read_says_where() {
        let check = |text: &str, expected: &str| {
            let error = parse("x.sys", text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("nop\n", "the first line must be a comment");
        check("; x\n; param n int\n", "x.sys:2: expected `param NAME");
        check(
            "# x\nparam a: port = 1 \"h\"\nparam b: port \"h\"\n",
            "x.sys:3: `b` needs a default, as one before it has one",
        );
        check("# x\nparam a: port \"h\"\nparam --a: port = 1 \"h\"\n", "x.sys:3: `a` is there twice");
        check("; x\n\n; param n: int 0..9 = 10 \"h\"\n", "x.sys:3: 10 is out of range: 0-9");
        assert!(split_name("x.vax.asm").is_err());
        assert!(split_name("a b.sys").is_err());
        assert_eq!(split_name("own/a.sys").unwrap(), ("a", None));
        assert_eq!(split_name("a.b.sys").ok(), None);
    }
}
