//! Dependency files for make: which sources an output is made of.

use std::ffi::OsString;
use std::path::PathBuf;

/// Whose rules a dependency file is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Make {
    /// That of POSIX, and most others.
    #[default]
    Posix,
    /// Watcom's, `-MW`.
    Watcom,
}

impl Make {
    /// A name as this make reads it.
    pub(super) fn quote(self, text: &str) -> String {
        match self {
            Make::Posix => quote_for_make(text),
            Make::Watcom => {
                let text = text.replace('$', "$$").replace('#', "$#");
                if text.contains([' ', '\t']) { format!("\"{text}\"") } else { text }
            }
        }
    }

    /// The commands of a rule without any.
    fn no_commands(self) -> &'static str {
        match self {
            Make::Posix => "",
            Make::Watcom => "\t%null\n",
        }
    }

    /// What joins the next line.
    fn joint(self) -> char {
        match self {
            Make::Posix => '\\',
            Make::Watcom => '&',
        }
    }
}

/// `TARGET : FILE FILE …`, broken like nasm's at 62 columns; with `phony` an empty rule for each file.
pub(super) fn text(target: &str, files: &[PathBuf], phony: bool, make: Make) -> String {
    const LONGEST_LINE: usize = 62;
    let names: Vec<String> = files.iter().map(|file| make.quote(&file.to_string_lossy())).collect();
    let mut out = format!("{target} :");
    let mut column = out.len();
    for name in &names {
        if column + name.len() > LONGEST_LINE && column > 1 {
            out.push_str(&format!(" {}\n ", make.joint()));
            column = 1;
        }
        out.push(' ');
        out.push_str(name);
        column += name.len() + 1;
    }
    out.push_str("\n\n");
    if phony {
        names.iter().for_each(|name| out.push_str(&format!("{name} :\n{}\n", make.no_commands())));
    }
    out
}

/// `-MD` and `-MF FILE`, which clap would take for `-M` with a value, as `--deps` and `--deps-file FILE`.
pub(super) fn long_options(words: Vec<OsString>) -> Vec<OsString> {
    let mut options = words.get(1).is_some_and(|command| command == "build");
    let long = |word: OsString| {
        options &= word != "--";
        match word.to_str() {
            Some("-MD") if options => "--deps".into(),
            Some("-MF") if options => "--deps-file".into(),
            _ => word,
        }
    };
    words.into_iter().map(long).collect()
}

/// Spaces and `#` with a backslash, `$` twice.
pub(super) fn quote_for_make(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' ' | '\t' | '#' => out.push('\\'),
            '$' => out.push('$'),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Make, text};

    #[test]
    fn long_lists_are_broken_and_names_are_quoted() {
        let files = ["a b.asm", "include/quite/long/name/number/one.inc", "include/two$.inc"].map(Into::into);
        assert_eq!(
            text("x.o", &files, true, Make::Posix),
            "x.o : a\\ b.asm include/quite/long/name/number/one.inc \\\n  include/two$$.inc\n\n\
             a\\ b.asm :\n\ninclude/quite/long/name/number/one.inc :\n\ninclude/two$$.inc :\n\n"
        );
    }
}
