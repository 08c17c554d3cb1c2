//! What nasm makes of a case.

use crate::case::{Case, Message, Outcome};
use crate::oracle;
use crate::tool::Folder;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The installed nasm, and where its output goes.
pub(crate) struct Nasm {
    program: PathBuf,
    folder: Folder,
}

impl Nasm {
    pub(crate) fn new() -> Option<Nasm> {
        Some(Nasm { program: oracle::find("nasm")?, folder: Folder::new() })
    }

    pub(crate) fn outcome(&self, case: &Case) -> Outcome {
        let (status, errors) = self.run(case, &["-o", "output"]);
        assert!(status < 2, "{}: nasm ends with {status}", case.name);
        let mut outcome = Outcome { messages: messages(&errors), bytes: None };
        outcome.sort();
        if status == 0 {
            outcome.bytes = Some(self.folder.read("output"));
        }
        outcome
    }

    /// The text that `-E` writes; `None` when nasm refuses the case.
    pub(crate) fn expanded(&self, case: &Case) -> Option<Vec<u8>> {
        let (status, _) = self.run(case, &["-E", "-o", "output"]);
        (status == 0).then(|| self.folder.read("output"))
    }

    fn run(&self, case: &Case, more: &[&str]) -> (i32, String) {
        self.folder.write(case.file(), &case.text);
        let _ = fs::remove_file(self.folder.path("output"));
        let include = format!("-I{}/", case.folder.display());
        let mut words: Vec<&str> = case.options.iter().map(String::as_str).collect();
        words.extend([include.as_str(), case.file()]);
        words.extend(more);
        let mut command = Command::new(&self.program);
        command.env_clear().env("GREETING", "hello").current_dir(self.folder.path("")).args(words);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let folder = format!("{}/", case.folder.display());
        let errors = String::from_utf8_lossy(&output.stderr).replace(&folder, "");
        (output.status.code().unwrap_or(-1), errors)
    }
}

/// `file:line: severity: text`, and `file:line: ... from macro` lines behind.
fn messages(errors: &str) -> Vec<Message> {
    let mut found: Vec<Message> = Vec::new();
    let mut passed_over = false;
    for line in errors.lines() {
        let (place, rest) = line.split_once(": ").unwrap_or(("", line));
        let number = place.rsplit_once(':').map_or("0", |(_, number)| number);
        if let Some(name) = rest.strip_prefix("... from macro `") {
            let name = name.split('\'').next().unwrap_or_default();
            if let Some(last) = found.last_mut().filter(|_| !passed_over) {
                last.trace.push(format!("{name}:{number}"));
            }
            continue;
        }
        // `info` only repeats where something was said before.
        passed_over = line.contains(": info: ");
        if passed_over {
            continue;
        }
        let rest = rest.replace("[-w+error=", "[-w+").replace("fatal: ", "error: ");
        match Message::parse(&format!("{number}: {rest}")) {
            Some(message) => found.push(message),
            None => panic!("nasm said: {line}"),
        }
    }
    found
}
