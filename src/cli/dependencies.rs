//! Dependency files for make: which sources an output is made of.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// `TARGET : FILE FILE …`, broken like nasm's at 62 columns; with `phony` an empty rule for each file.
pub(super) fn text(target: &str, files: &[PathBuf], phony: bool) -> String {
    const LONGEST_LINE: usize = 62;
    let names: Vec<String> = files.iter().map(|file| quote(file)).collect();
    let mut out = format!("{target} :");
    let mut column = out.len();
    for name in &names {
        if column + name.len() > LONGEST_LINE && column > 1 {
            out.push_str(" \\\n ");
            column = 1;
        }
        out.push(' ');
        out.push_str(name);
        column += name.len() + 1;
    }
    out.push_str("\n\n");
    if phony {
        names.iter().for_each(|name| out.push_str(&format!("{name} :\n\n")));
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

fn quote(file: &Path) -> String {
    quote_for_make(&file.to_string_lossy())
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
    use super::text;

    #[test]
    fn long_lists_are_broken_and_names_are_quoted() {
        let files = ["a b.asm", "include/quite/long/name/number/one.inc", "include/two$.inc"].map(Into::into);
        assert_eq!(
            text("x.o", &files, true),
            "x.o : a\\ b.asm include/quite/long/name/number/one.inc \\\n  include/two$$.inc\n\n\
             a\\ b.asm :\n\ninclude/quite/long/name/number/one.inc :\n\ninclude/two$$.inc :\n\n"
        );
    }
}
