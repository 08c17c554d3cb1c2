//! Lints: for each, a program that has the mistake with the message that it gets, the program put right, and one that
//! nearly has it; and programs in the style of tutorials and small tools, on which no lint may speak.
//!
//! ```text
//! NAME/fails.asm    one lint, NAME; fails.txt is what is printed (`BLESS=1` rewrites it, a person reads it)
//! NAME/fixed.asm    the mistake put right
//! NAME/nearly.asm   a correct program that looks like it
//! correct/*.asm     correct programs
//! ```
//!
//! The first lines of a program say how it runs, so that what a message claims is seen to happen:
//!
//! ```text
//! ; format: elf32           without it: elf64
//! ; needs: int80            64-bit code that calls the 32-bit way
//! ; args: one two
//! ; stdin: text\n
//! ; runs: status 3          or: signal 11, stdout text\n; without it, it is not executed
//! ```

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

mod explain;
mod peace;
mod switches;

use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint");

/// A program and what its first lines say.
struct Program {
    path: PathBuf,
    text: String,
}

impl Program {
    fn read(path: PathBuf) -> Program {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Program { path, text }
    }

    fn header(&self, key: &str) -> Option<&str> {
        let lines = self.text.lines().take_while(|line| line.starts_with(';'));
        lines.into_iter().find_map(|line| line.strip_prefix("; ")?.strip_prefix(key)?.strip_prefix(": "))
    }

    fn format(&self) -> &str {
        self.header("format").unwrap_or("elf64")
    }

    /// Builds it as `program` in the folder; what was said about it.
    fn build(&self, folder: &tool::Folder) -> String {
        let name = "program.asm";
        folder.write(name, &self.text);
        let said = folder.tinyelf(["build", "-q", "-f", self.format(), name, "-o", "program"]).said();
        assert_eq!((said.status, said.stdout.as_str()), (0, ""), "{}: {}", self.path.display(), said.stderr);
        said.stderr
    }

    #[cfg(target_os = "linux")]
    fn runs_here(&self) -> bool {
        match (self.format(), self.header("needs")) {
            ("elf32", _) => host::runs_i386(),
            (_, Some(_)) => host::runs_int_80(),
            _ => host::runs_x86_64(),
        }
    }

    /// Executes what was built, where the program says how that ends.
    #[cfg(unix)]
    fn run(&self, folder: &tool::Folder) {
        use std::os::unix::process::ExitStatusExt as _;
        let Some((what, value)) = self.header("runs").and_then(|runs| runs.split_once(' ')) else { return };
        if !self.runs_here() {
            return;
        }
        let args: Vec<_> = self.header("args").unwrap_or("").split_whitespace().collect();
        let input = unescaped(self.header("stdin").unwrap_or(""));
        let output = folder.program("program", args).stdin(input).output();
        let found = match what {
            "status" => output.status.code().map(|code| code.to_string()),
            "signal" => output.status.signal().map(|signal| signal.to_string()),
            "stdout" => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
            other => panic!("{}: `{other}` is no way to run", self.path.display()),
        };
        let expected = if what == "stdout" { unescaped(value) } else { value.to_owned() };
        assert_eq!(found, Some(expected), "{}: {:?}", self.path.display(), output.status);
    }

    #[cfg(not(unix))]
    fn run(&self, _: &tool::Folder) {}
}

/// `\n` is a newline, `\\` a backslash.
#[cfg(target_os = "linux")]
fn unescaped(text: &str) -> String {
    text.replace("\\\\", "\u{1}").replace("\\n", "\n").replace('\u{1}', "\\")
}

/// The programs of a folder, in order.
fn programs(folder: &Path) -> Vec<Program> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "asm"));
    paths.sort();
    paths.into_iter().map(Program::read).collect()
}

/// Every lint by its folder.
fn lints() -> Vec<String> {
    tinyelf::lint::NAMES.iter().map(|&name| name.to_owned()).collect()
}

fn example(lint: &str, which: &str) -> Program {
    Program::read(Path::new(FOLDER).join(lint).join(which))
}

#[test]
fn each_lint_has_its_message_where_the_mistake_is() {
    let mut wrong = Vec::new();
    for lint in lints() {
        let program = example(&lint, "fails.asm");
        let folder = tool::Folder::new();
        let said = program.build(&folder);
        program.run(&folder);
        assert_eq!(
            said.matches(&format!("[{lint}]:")).count(),
            said.matches("]: ").count(),
            "{lint}: {said}"
        );
        let pinned = program.path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&pinned, &said).unwrap();
        }
        if fs::read_to_string(&pinned).unwrap_or_default() != said {
            wrong.push(format!("{lint}:\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_put_right_and_the_one_that_nearly_has_the_mistake_get_no_message() {
    for lint in lints() {
        for which in ["fixed.asm", "nearly.asm"] {
            let program = example(&lint, which);
            let folder = tool::Folder::new();
            assert_eq!(program.build(&folder), "", "{lint}/{which}");
            program.run(&folder);
        }
    }
}
