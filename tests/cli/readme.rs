//! README.md is true: its commands are run and print what it says, its sizes are those of what is written.
//!
//! The commands of one folder, from the top to the bottom, with `tinyelf` on the path: a fence `console` holds
//! commands behind `$ ` and what they print; a fence `LANGUAGE FILE` is a file that later commands use.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "the commands need a Unix shell"))]

use std::fmt::Write as _;
use std::path::Path;

use crate::tool::Folder;
use crate::{host, oracle};

const README: &str = include_str!("../../README.md");

/// Languages whose fences show something that no shell runs.
const SHOWN: [&str; 3] = ["text", "toml", "dockerfile"];

/// What stands between two fences.
struct Fence<'a> {
    /// The first word behind the opening fence, and the second.
    language: &'a str,
    file: Option<&'a str>,
    text: String,
}

fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut fences = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        assert!(!line.starts_with("    ") && !line.starts_with('\t'), "commands stand in fences: {line}");
        let Some(info) = line.strip_prefix("```") else { continue };
        let mut words = info.split(' ').filter(|word| !word.is_empty());
        let language =
            words.next().unwrap_or_else(|| panic!("a fence without a language before {:?}", lines.next()));
        let body = lines.by_ref().take_while(|line| *line != "```");
        let text = body.fold(String::new(), |text, line| text + line + "\n");
        fences.push(Fence { language, file: words.next(), text });
    }
    fences
}

/// The commands of a console, each with what it prints.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, output))) => {
                writeln!(output, "{line}").unwrap();
            }
            (None, None) => panic!("a console begins with `$ `: {line}"),
        }
    }
    commands
}

/// Stands for cargo: a README's reader has a checkout, the test has the program that was built from it, and is itself
/// what `cargo test` runs.
const CARGO: &str = "#!/bin/sh
case \"$*\" in
'install --path .' | test) ;;
'run --release -- '*) shift 3; exec tinyelf \"$@\" ;;
*) echo \"unexpected: cargo $*\" >&2; exit 99 ;;
esac
";

#[cfg(unix)]
#[test]
fn the_commands_of_the_readme_print_what_it_says() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    if !host::runs_x86_64() {
        return;
    }
    let (folder, bin) = (Folder::new(), Folder::new());
    symlink(env!("CARGO_BIN_EXE_tinyelf"), bin.path("tinyelf")).unwrap();
    bin.write("cargo", CARGO);
    std::fs::set_permissions(bin.path("cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.path("").display(), std::env::var("PATH").unwrap());
    let mut run = 0;
    for fence in fences(README) {
        match (fence.language, fence.file) {
            ("console", None) => {
                for (command, output) in commands(&fence.text) {
                    run += usize::from(check(&folder, &path, &command, &output));
                }
            }
            (_, Some(file)) => {
                folder.write(file, &fence.text);
            }
            (language, None) => assert!(SHOWN.contains(&language), "what is a fence `{language}`?"),
        }
    }
    assert!(run > 10, "only {run} commands were run");
}

/// Runs a command whose programs exist here; both outputs in one, as a terminal shows them.
#[cfg(unix)]
fn check(folder: &Folder, path: &str, command: &str, output: &str) -> bool {
    const SHELL: [&str; 7] = ["tinyelf", "cargo", "cd", "echo", "ls", "cat", "wc"];
    let redirected = command.replace("2>&1", "");
    let programs = redirected.split(['|', ';', '&']).filter_map(|part| part.split_whitespace().next());
    let mut others = programs.filter(|program| !SHELL.contains(program) && !program.starts_with("./"));
    if !others.all(|program| oracle::find(program).is_some()) {
        return false;
    }
    let said = folder.command("sh", ["-c", &format!("exec 2>&1; {command}")]).env("PATH", path).said();
    assert_eq!(said.stdout, output, "$ {command}");
    assert_eq!(said.status, 0, "$ {command}");
    true
}

/// Docker's names of our machines, and what ELF calls them (gABI, e_machine).
#[cfg(unix)]
const TARGETARCH: [(&str, u8); 4] = [("amd64", 62), ("386", 3), ("arm64", 183), ("riscv64", 243)];

#[cfg(unix)]
#[test]
fn the_dockerfile_of_the_readme_makes_what_it_copies_on_every_architecture() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let bin = Folder::new();
    symlink(env!("CARGO_BIN_EXE_tinyelf"), bin.path("tinyelf")).unwrap();
    bin.write("cargo", "#!/bin/sh\ntest \"$*\" = 'install --path ./tinyelf'\n");
    std::fs::set_permissions(bin.path("cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.path("").display(), std::env::var("PATH").unwrap());
    let dockerfile = fences(README).into_iter().find(|fence| fence.language == "dockerfile").unwrap().text;
    for (name, machine) in TARGETARCH {
        // The folder stands for the root of the image.
        let root = Folder::new();
        let (mut runs, mut copied) = (0, Vec::new());
        for line in dockerfile.lines() {
            let (word, rest) = line.split_once(' ').unwrap();
            match word {
                "RUN" => {
                    let command = rest.replace(" /", " ./");
                    let run = root.command("sh", ["-ec", &command]).env("PATH", &path);
                    run.env("TARGETARCH", name).says(0, "", "");
                    runs += 1;
                }
                "COPY" if rest.starts_with("--from=build ") => {
                    let words: Vec<_> = rest.split(' ').skip(1).collect();
                    copied.extend(
                        words[..words.len() - 1].iter().map(|file| file.trim_start_matches('/').to_owned()),
                    );
                }
                "FROM" | "ARG" | "COPY" | "ENTRYPOINT" | "HEALTHCHECK" => {}
                _ => panic!("{line}"),
            }
        }
        assert!(runs >= 3 && copied.len() >= 2, "{dockerfile}");
        for file in copied {
            let bytes = root.read(&file);
            assert_eq!((&bytes[..4], bytes[18]), (&b"\x7fELF"[..], machine), "{file} for {name}");
            assert!(dockerfile.contains(&format!("[\"/{file}\", ")), "{file} is copied and not used");
        }
    }
}

/// The lines of the table of sizes.
fn table() -> (&'static str, Vec<&'static str>, &'static str) {
    let (before, rest) = README.split_once("<!-- sizes -->\n").expect("the table has a beginning");
    let (table, after) = rest.split_once("<!-- end of sizes -->").expect("the table has an end");
    (before, table.lines().collect(), after)
}

/// The words of a row.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn the_sizes_in_the_readme_are_those_of_the_programs() {
    let (before, rows, after) = table();
    let machines = cells(rows[0]);
    let folder = Folder::new();
    let mut found = rows[..2].join("\n") + "\n";
    for row in &rows[2..] {
        let template = cells(row)[0];
        let size = |machine: &str, layout: &[&str]| {
            let words = [&[template, "-q", "-o", "p", "--arch", machine, "--layout"], layout].concat();
            folder.tinyelf(words).succeeds();
            folder.read("p").len()
        };
        write!(found, "| {template} |").unwrap();
        for machine in &machines[1..] {
            let (standard, compact) = (size(machine, &["standard"]), size(machine, &["compact"]));
            // What runs is known of x86 by executing it, of other machines by qemu-user.
            let keep = if matches!(*machine, "x86_64" | "i386") { "linux" } else { "tools" };
            let golf = size(machine, &["golf", "--keep", keep]);
            // What golf cannot take apart stays compact.
            let golf = if golf < compact { golf.to_string() } else { "–".to_owned() };
            write!(found, " {standard} / {compact} / {golf}").unwrap();
            found.push_str(" |");
        }
        found.push('\n');
    }
    if std::env::var_os("BLESS").is_some() {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        std::fs::write(readme, format!("{before}<!-- sizes -->\n{found}<!-- end of sizes -->{after}"))
            .unwrap();
        return;
    }
    assert!(found.lines().eq(rows.iter().copied()), "other sizes (BLESS=1 puts them in):\n{found}");
}

#[test]
fn every_template_has_its_row() {
    let (_, rows, _) = table();
    let listed: Vec<_> = rows[2..].iter().map(|row| cells(row)[0].to_owned()).collect();
    let said = Folder::new().tinyelf(["--help"]).succeeds();
    let templates = said.stdout.split("Templates (").nth(1).unwrap();
    let names = templates.lines().skip(1).take_while(|line| line.starts_with("  "));
    let names: Vec<_> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, listed);
}

#[test]
fn every_command_and_dependency_is_named() {
    let said = Folder::new().tinyelf(["--help"]).succeeds();
    let commands = said.stdout.split("Commands:\n").nth(1).unwrap();
    for line in commands.lines().take_while(|line| line.starts_with("  ")) {
        let name = line.split_whitespace().next().unwrap();
        assert!(README.contains(&format!("`{name}")), "README does not name the command `{name}`");
    }
    let manifest = include_str!("../../Cargo.toml");
    let reasons = README.split("## Dependencies").nth(1).unwrap();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("dev-");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| inside) {
            let named = reasons.lines().any(|row| row.starts_with("| ") && row.contains(name));
            assert!(named, "README gives no reason for `{name}`");
        }
    }
}
