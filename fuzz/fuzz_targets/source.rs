//! Any bytes as a NASM source, made into an executable and an object.

#![no_main]

mod build;

use libfuzzer_sys::fuzz_target;
use tinyelf::pipeline::{Format, Language};

fuzz_target!(|text: &[u8]| {
    build::build(text, Language::Nasm, Format::Executable);
    build::build(text, Language::Nasm, Format::Object);
});
