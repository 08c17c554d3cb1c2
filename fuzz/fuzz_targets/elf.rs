//! Any bytes as an ELF file: read, and shown in every form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tinyelf::inspect::{ByteMap, Sections, html, json, text};

fuzz_target!(|bytes: &[u8]| {
    let Ok(map) = ByteMap::new(bytes) else { return };
    let mut out = Vec::new();
    text(&map, Sections::default(), &mut out).expect("a vector takes everything");
    json(&map, &mut out).expect("a vector takes everything");
    html(&map, "file", &mut out).expect("a vector takes everything");
});
