//! Lists the files of `templates/` for the catalogue: dropping one in adds it.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=templates");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let mut names: Vec<String> = fs::read_dir(Path::new(&root).join("templates"))
        .expect("the package has a folder `templates`")
        .map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".asm") || name.ends_with(".sys"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = Path::new(&root).join("templates").join(&name);
        println!("cargo::rerun-if-changed=templates/{name}");
        writeln!(list, "    ({name:?}, include_str!({path:?})),").expect("a string takes all text");
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("templates.rs"), list).expect("cargo's folder can be written");
}
