//! Any bytes as one line of NASM source, in 16, 32 and 64-bit mode.

#![no_main]

mod build;

use libfuzzer_sys::fuzz_target;
use tinyelf::pipeline::{Format, Language};

fuzz_target!(|line: &[u8]| {
    for mode in ["bits 16\n", "bits 32\n", "bits 64\n"] {
        let line = line.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte });
        let text: Vec<u8> = mode.bytes().chain(line).chain(*b"\n").collect();
        build::build(&text, Language::Nasm, Format::Flat);
    }
});
