//! Any bytes as a system-call script.

#![no_main]

mod build;

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tinyelf::pipeline::{Format, Language};

fuzz_target!(|text: &[u8]| build::build(text, Language::Script(BTreeMap::new()), Format::Executable));
