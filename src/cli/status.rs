//! The line that says what was made.

use std::io::{self, Write as _};

use super::output::Target;
use crate::layout::Kind;
use crate::pipeline::{Format, Options};

/// What a build wrote.
pub(super) struct Made<'a> {
    /// Where.
    pub(super) target: &'a Target,
    /// How many bytes.
    pub(super) size: usize,
    /// With which options.
    pub(super) options: &'a Options,
}

/// Prints one line for each; to standard error when the program itself went to standard output.
pub(super) fn print(all: &[Made<'_>]) {
    let mut hinted = false;
    for made in all {
        let mut line = format!("{}: {} bytes", made.target.name(), made.size);
        line.push_str(match (made.options.format, made.options.layout.kind) {
            (Format::Flat, _) => ", flat",
            (Format::Object, _) => ", relocatable",
            (Format::Executable, Kind::Compact) => ", compact",
            (Format::Executable, Kind::Golf(_)) => ", golf",
            (Format::Executable, Kind::Standard) if hinted => ", standard",
            (Format::Executable, Kind::Standard) => {
                // Once for each run; compact has no section headers, so it is always the smaller one.
                hinted = true;
                ", standard (--layout compact makes it smaller)"
            }
        });
        line.push_str(&made.options.fixture.to_string());
        line.push('\n');
        // A reader that went away has no use for it.
        let _ = match made.target {
            Target::Stdout => io::stderr().write_all(line.as_bytes()),
            Target::File(_) => io::stdout().write_all(line.as_bytes()),
        };
    }
}
