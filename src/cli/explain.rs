//! `tinyelf explain [NAME]`: what a warning means.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::{help, near};
use crate::lint;
use crate::source::{WARNING_CLASSES, WarningClass};

/// Prints the page of one warning, or the list of all.
pub(super) fn explain(name: Option<&str>) -> Result<ExitCode> {
    let text = match name {
        None => list(),
        Some(name) => page(name)?,
    };
    help::print(text.as_bytes())
}

fn list() -> String {
    let width = WARNING_CLASSES.iter().map(|class| class.name.len()).max().unwrap_or(0);
    let (lints, others): (Vec<&WarningClass>, Vec<_>) =
        WARNING_CLASSES.iter().partition(|class| is_lint(class));
    let mut text = String::from("What a program will do that was hardly meant:\n\n");
    for class in lints {
        let _ = writeln!(text, "  {:width$}  {}", class.name, sentence(class));
    }
    text.push_str("\nWhat stands in the source (`-` is off until `-WNAME`, `!` is an error until `-Wno-error=NAME`):\n\n");
    for class in others {
        let mark = match (class.shown, class.fatal) {
            (false, _) => '-',
            (true, true) => '!',
            (true, false) => ' ',
        };
        let _ = writeln!(text, "{mark} {:width$}  {}", class.name, sentence(class));
    }
    text
}

fn is_lint(class: &WarningClass) -> bool {
    lint::page(class.name).is_some()
}

/// What a class is about, without a full stop.
fn sentence(class: &WarningClass) -> &'static str {
    let page = lint::page(class.name).and_then(|page| page.lines().next());
    page.map_or(class.about, |line| line.trim_end_matches('.'))
}

fn page(name: &str) -> Result<String> {
    // As a message shows it, or as a switch names it.
    let bare = name.trim_start_matches(['[', '-', '+']).trim_end_matches(']');
    let Some(class) = WARNING_CLASSES.iter().find(|class| class.name == bare) else {
        let names = WARNING_CLASSES.iter().map(|class| class.name);
        bail!("no warning is called `{name}`{}", near::hint(bare, names));
    };
    let mut text = match lint::page(class.name) {
        Some(page) => format!("{}: {page}", class.name),
        None => format!("{}: {}.\n", class.name, class.about),
    };
    let state = match (class.shown, class.fatal) {
        (false, _) => format!("It is off; -W{bare} turns it on"),
        (true, true) => format!("It is an error; -Wno-error={bare} makes it a warning"),
        (true, false) => format!("-Wno-{bare} (or -w-{bare}) turns it off"),
    };
    let _ = writeln!(text, "\n{state}, -Werror={bare} makes it an error.");
    Ok(text)
}
