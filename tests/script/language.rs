//! What statements and expressions do, on every machine and in every layout.

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;

use crate::build::{build, run};

const LAYOUTS: [Kind; 2] = [Kind::Standard, Kind::Compact];

/// Runs a script everywhere; it must print and end as expected.
fn check_with(text: &str, arguments: &[&str], input: &str, expected: &str, status: i32) {
    for machine in Machine::ALL {
        for layout in LAYOUTS {
            let place = format!("{} {layout:?}\n{text}", machine.name());
            let bytes = build(text, machine, layout).unwrap_or_else(|wrong| panic!("{place}\n{wrong}"));
            let Some(output) = run(machine, &bytes, arguments, input.as_bytes()) else { continue };
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(printed, expected, "{place}");
            assert_eq!(output.status.code(), Some(status), "{place}\n{:?}", output.status);
        }
    }
}

fn check(text: &str, expected: &str, status: i32) {
    check_with(text, &[], "", expected, status);
}

#[test]
fn the_script_of_the_introduction_counts_to_three() {
    let text = "# count to three
n = 0
while n < 3 {
  write(1, \"tick\\n\")
  n = n + 1
}
if n == 3 { exit(40 + n) } else { exit(1) }
";
    check(text, "tick\ntick\ntick\n", 43);
}

#[test]
fn the_end_of_a_script_exits_with_0() {
    check("", "", 0);
    check("a = 1", "", 0);
}
