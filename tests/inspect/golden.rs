//! The text of every file, compared completely; `BLESS=1` rewrites it, and a person reads the difference.

use std::fs;

use tinyelf::inspect::{self, ByteMap, Sections};

use crate::files;

#[test]
fn the_text_of_every_file_is_as_it_was_read() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, bytes) in files::all() {
        let map = ByteMap::new(&bytes).unwrap();
        let mut text = Vec::new();
        inspect::text(&map, Sections::default(), &mut text).unwrap();
        let parts = Sections { header: false, segments: true, sections: true, symbols: true, code: true };
        inspect::text(&map, parts, &mut text).unwrap();
        let path = files::folder().join("files").join(format!("{name}.txt"));
        if bless {
            fs::write(&path, &text).unwrap();
        } else if fs::read(&path).unwrap_or_default() != text {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "the text of these changed: {wrong:?}; BLESS=1 shows how");
}
