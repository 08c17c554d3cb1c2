//! The shape of the source: imports run downwards, and every module says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// The layer of a module path such as `crate::elf::write`; higher numbers may use lower ones.
fn layer(path: &str) -> Option<u8> {
    let mut parts =
        path.split("::").map(|part| part.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_'));
    let first = parts.next()?;
    Some(match (first, parts.next()) {
        ("cli", _) => 5,
        ("pipeline" | "template" | "inspect" | "run" | "lint" | "listing" | "debug", _) => 4,
        ("nasm" | "script" | "layout", _) => 3,
        ("elf", Some("records" | "fields")) => 1,
        ("elf", _) => 3,
        ("unit" | "isa", _) => 2,
        ("source" | "syscall", _) => 1,
        _ => return None,
    })
}

/// Which side of layer 3 a module is on: front ends and back ends never name each other.
fn side(path: &str) -> Option<&'static str> {
    let first = path.split("::").next()?;
    match first {
        "nasm" | "script" => Some("front"),
        "layout" => Some("back"),
        "elf" if layer(path) == Some(3) => Some("back"),
        _ => None,
    }
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

fn module_path(file: &Path) -> String {
    let relative = file.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let text = relative.with_extension("").to_string_lossy().replace(['/', '\\'], "::");
    text.trim_end_matches("::mod").to_owned()
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    assert!(files.len() > 20, "the source tree was not found");
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(&file).unwrap())).collect()
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "these modules do not begin with `//!`: {silent:?}");
}

#[test]
fn imports_run_downwards() {
    let mut upward = Vec::new();
    for (file, text) in sources() {
        let module = module_path(&file);
        let Some(own) = layer(&module) else { continue };
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let Some(other) = layer(used) else { continue };
                let crosses = matches!((side(&module), side(used)), (Some(a), Some(b)) if a != b);
                if other > own || crosses {
                    upward.push(format!("{}: {}", file.display(), line.trim()));
                }
            }
        }
    }
    assert!(upward.is_empty(), "these imports run up or across:\n{}", upward.join("\n"));
}

#[test]
fn every_warning_has_a_class_that_switches_can_name() {
    let mut unknown = Vec::new();
    for (file, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in code.split("Diagnostic::warning(").skip(1) {
            let Some(name) = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            if !tinyelf::source::WARNING_CLASSES.iter().any(|class| class.name == name) {
                unknown.push(format!("{}: {name}", file.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "add these to src/source/warning.rs:\n{}", unknown.join("\n"));
}
