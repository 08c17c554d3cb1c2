//! `-D`, `-U`, `-P`, `--pragma`, `--before` and their other spellings: what is done before the first line of a source.
//!
//! They act in the order of the command line, `-D X -U X` as well as `-U X -D X`, so one type collects them all.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use super::source::Before;

/// Everything of this kind, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct BeforeOptions(pub(super) Vec<Before>);

type Make = fn(String) -> Before;

/// Each option's name, and what a value of it means.
const OPTIONS: [(&str, Make); 5] = [
    ("define", Before::Define),
    ("undefine", Before::Undefine),
    ("pre-include", |file| Before::Include(file.into())),
    ("pragma", Before::pragma),
    ("before", Before::Line),
];

fn arguments() -> [Arg; 5] {
    let short = |id: &'static str, letter, value, help| {
        let arg = Arg::new(id).short(letter).value_name(value).help(help);
        arg.short_alias(char::to_ascii_lowercase(&letter)).action(ArgAction::Append)
    };
    let long = |id: &'static str, value, help| {
        let arg = Arg::new(id).long(id).value_name(value).help(help);
        arg.allow_hyphen_values(true).action(ArgAction::Append)
    };
    [
        short("define", 'D', "NAME[=VALUE]", "Defines a single-line macro; without a value it is empty"),
        short("undefine", 'U', "NAME", "Undefines a macro"),
        short("pre-include", 'P', "FILE", "Includes a file before the first line").long("include"),
        long("pragma", "TEXT", "A %pragma before the first line"),
        long("before", "LINE", "A line before the first; -D, -U, -P and these act in their order"),
    ]
}

impl FromArgMatches for BeforeOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut found = Vec::new();
        for (id, make) in OPTIONS {
            let places = matches.indices_of(id).into_iter().flatten();
            let values = matches.get_many::<String>(id).into_iter().flatten();
            found.extend(places.zip(values).map(|(place, value)| (place, make(value.clone()))));
        }
        found.sort_by_key(|&(place, _)| place);
        Ok(BeforeOptions(found.into_iter().map(|(_, one)| one).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for BeforeOptions {
    fn augment_args(command: Command) -> Command {
        command.args(arguments())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_different_letters_keep_their_order() {
        let command = BeforeOptions::augment_args(Command::new("x"));
        let words = [
            "x",
            "-uA",
            "-D",
            "A=1",
            "--pragma",
            "list options +b",
            "-pf.inc",
            "-dB",
            "--before",
            "%x",
            "-UB",
        ];
        let found = BeforeOptions::from_arg_matches(&command.get_matches_from(words)).unwrap();
        let expected = [
            Before::Undefine("A".into()),
            Before::Define("A=1".into()),
            Before::pragma("list options +b".into()),
            Before::Include("f.inc".into()),
            Before::Define("B".into()),
            Before::Line("%x".into()),
            Before::Undefine("B".into()),
        ];
        assert_eq!(found.0, expected);
    }
}
