//! The figures: five small programs in every layout, pinned so that one lost byte shows, every file executed.

use std::path::Path;

use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind, Options, Promise};

use crate::oracle;
use crate::program::{Program, assemble, runs};
use crate::tool::Folder;

/// Bytes as standard, compact, compact with sections, golf with tools, readers, linux and nothing kept.
const FIGURES: [(Machine, &str, [usize; 7]); 10] = [
    (Machine::X86_64, "exit", [392, 124, 256, 120, 104, 80, 73]),
    (Machine::X86_64, "exit_42", [392, 127, 256, 120, 104, 80, 73]),
    (Machine::X86_64, "pause", [392, 124, 256, 120, 104, 80, 73]),
    (Machine::X86_64, "cat", [408, 139, 275, 120, 104, 80, 73]),
    (Machine::X86_64, "hello", [496, 153, 289, 133, 117, 86, 86]),
    (Machine::I386, "exit", [256, 87, 175, 76, 76, 64, 45]),
    (Machine::I386, "exit_42", [260, 89, 177, 76, 76, 64, 45]),
    (Machine::I386, "pause", [260, 88, 176, 76, 76, 64, 45]),
    (Machine::I386, "cat", [276, 104, 192, 84, 77, 65, 57]),
    (Machine::I386, "hello", [332, 114, 202, 94, 87, 75, 64]),
];

/// The layouts in the order of the columns.
fn layouts() -> impl Iterator<Item = Options> {
    let plain = |kind, sections| Options { kind, sections, ..Options::default() };
    let golf = |promise| plain(Kind::Golf(GolfOptions { promise, ..GolfOptions::default() }), false);
    [plain(Kind::Standard, false), plain(Kind::Compact, false), plain(Kind::Compact, true)]
        .into_iter()
        .chain(Promise::ALL.map(golf))
}

fn source(machine: Machine, program: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layout/programs").join(machine.name());
    std::fs::read_to_string(folder.join(format!("{program}.asm"))).unwrap()
}

/// Every file of the table, with its row and column.
pub(crate) fn files(mut take: impl FnMut(Machine, &str, &Options, usize, Vec<u8>)) {
    for (machine, program, sizes) in FIGURES {
        let source = source(machine, program);
        for (layout, size) in layouts().zip(sizes) {
            let bytes = assemble(machine, &source, |options| options.layout = layout.clone()).unwrap();
            take(machine, program, &layout, size, bytes);
        }
    }
}

#[test]
fn five_programs_have_their_figures_in_every_layout_and_run() {
    let mut wrong = Vec::new();
    files(|machine, program, layout, size, bytes| {
        if bytes.len() != size {
            wrong.push(format!("{} {program} {:?}: {} for {size}", machine.name(), layout.kind, bytes.len()));
        }
        if runs(machine) {
            execute(program, &format!("{} {layout:?}", machine.name()), &Program::new(&bytes));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn execute(name: &str, what: &str, program: &Program) {
    if name == "pause" {
        return wait_for_signal(program);
    }
    // Longer than the buffer, so that the loop is gone through several times.
    let input: Vec<u8> = (0..=255).cycle().take(1000).collect();
    let (status, expected): (i32, &[u8]) = match name {
        "exit_42" => (42, b""),
        // The register that takes turns between 0 and 1 is the status.
        "cat" => (1, &input),
        "hello" => (0, b"Hello, World!\n"),
        _ => (0, b""),
    };
    let output = program.run(&input);
    let as_expected = output.stdout == expected;
    assert_eq!((output.status.code(), as_expected), (Some(status), true), "{name} {what}");
    assert!(output.stderr.is_empty(), "{name}");
}

/// It sleeps until it is killed.
fn wait_for_signal(program: &Program) {
    let mut child = program.start().unwrap();
    let state = || std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let asleep = (0..1000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(1));
        state().rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S'))
    });
    assert!(asleep, "{}", state());
    child.kill().unwrap();
    let status = child.wait().unwrap();
    #[cfg(unix)]
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
    #[cfg(not(unix))]
    let _ = status;
}

#[test]
fn what_is_kept_for_tools_and_readers_is_read_without_a_warning() {
    let Some(_) = oracle::find("readelf") else { return };
    files(|machine, program, layout, _, bytes| {
        if matches!(layout.kind, Kind::Golf(options) if options.promise > Promise::Readers) {
            return;
        }
        let program = (program, Program::new(&bytes));
        let said = program.1.judged_by("readelf", &["-aW"]).unwrap();
        let warned = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(
            (said.status.code(), warned.as_str()),
            (Some(0), ""),
            "{machine:?} {} {layout:?}",
            program.0
        );
        let disassembled = layout.kind == Kind::Standard || layout.sections;
        if disassembled && let Some(said) = program.1.judged_by("objdump", &["-d"]) {
            let text = String::from_utf8_lossy(&said.stdout).into_owned();
            let warned = String::from_utf8_lossy(&said.stderr).into_owned();
            let call = if machine == Machine::I386 { "int    $0x80" } else { "syscall" };
            assert!(text.contains(call) && warned.is_empty(), "{text}{warned}");
        }
    });
}

#[test]
fn layouts_tells_sizes_kernels_and_bounds() {
    let folder = Folder::new();
    folder.write("a.asm", source(Machine::X86_64, "exit_42"));
    let said = folder.tinyelf(["layouts", "a.asm"]).succeeds();
    let rows: Vec<Vec<&str>> = said.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let expected = [
        "layout bytes bound gap Linux",
        "standard 392 - - 4.14+",
        "compact 127 - - 4.14+",
        "golf --keep tools 120 120 0 4.14+",
        "golf --keep readers 104 104 0 4.14+",
        "golf --keep linux 80 80 0 4.14+",
    ];
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.join(" ").starts_with(expected), "{row:?}");
    }
    let json = folder.tinyelf(["layouts", "--json", "a.asm"]).succeeds().stdout;
    let kernels = "[\"4.14\",\"4.17\",\"5.4\",\"5.7\",\"5.8\",\"6.6\",\"6.7\",\"6.16\",\"6.18\"]";
    let linux =
        format!("{{\"layout\":\"golf --keep linux\",\"bytes\":80,\"bound\":80,\"kernels\":{kernels},");
    assert!(json.contains(&linux), "{json}");
    assert!(json.contains("{\"layout\":\"standard\",\"bytes\":392,\"bound\":null,"), "{json}");
}

#[test]
fn a_file_that_needs_a_newer_kernel_says_so() {
    let folder = Folder::new();
    for machine in ["x86_64", "i386"] {
        folder.write("a.asm", "global _start\n_start: mov al,1\n int 0x80\n");
        let said = folder.tinyelf(["layouts", "--arch", machine, "a.asm"]).succeeds().stdout;
        let needs =
            said.lines().any(|line| line.starts_with("golf --keep nothing") && !line.contains("4.14+"));
        assert_eq!(said.contains("assumed: Linux 6.7 or newer"), needs, "{said}");
    }
}
