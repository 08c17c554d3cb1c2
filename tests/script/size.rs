//! Sizes that the project promises, byte for byte.

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;

use crate::build::{build, run};

const HELLO: &str = "write(1, \"Hello, World!\\n\")";

fn check(machine: Machine, exit: usize, hello: usize) {
    let bytes = build("exit(0)", machine, Kind::Compact).unwrap();
    assert_eq!(bytes.len(), exit, "exit on {}", machine.name());
    if let Some(output) = run(machine, &bytes, &[], b"") {
        assert_eq!(output.status.code(), Some(0), "exit on {}", machine.name());
    }
    let bytes = build(HELLO, machine, Kind::Compact).unwrap();
    assert_eq!(bytes.len(), hello, "hello on {}", machine.name());
    if let Some(output) = run(machine, &bytes, &[], b"") {
        assert_eq!(output.status.code(), Some(0), "hello on {}", machine.name());
        assert_eq!(output.stdout, b"Hello, World!\n", "hello on {}", machine.name());
    }
}

#[test]
fn compact_programs_have_the_promised_sizes() {
    check(Machine::X86_64, 124, 154);
    check(Machine::I386, 87, 115);
    check(Machine::Aarch64, 128, 166);
    check(Machine::Riscv64, 128, 160);
}
