//! Line information (`-g`): gdb, binutils and elfutils read it, and nasm's own says the same of every address.

use std::collections::BTreeMap;

use crate::host;
use crate::oracle;
use crate::tool::Folder;

const PROGRAM: &str = "\
%macro two 1
    mov eax, %1
    inc eax
%endmacro
%define my mov
section .text
global _start
f:  inc ebx
    ret
_start:
    nop
    two 5
    call f
    my ebx, 3
    times 3 nop
    db 0x90
%rep 2
    dec ebx
%endrep
    %include \"end.inc\"
section .data
    dd 1
section more exec
g:  jmp f
    align 16
    jmp _start
";

const END: &str = "    mov eax, 1\n    mov ebx, 7\n    int 0x80\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.asm", PROGRAM).write("end.inc", END);
    folder
}

/// Address to file and line, as `objdump --dwarf=decodedline` understands it; where several rows have one address the
/// last holds.
fn lines(folder: &Folder, objdump: &std::path::Path, file: &str) -> BTreeMap<u64, (String, u32)> {
    let said = folder.command(objdump, ["--dwarf=decodedline", file]).succeeds();
    assert_eq!(said.stderr, "");
    let mut rows = BTreeMap::new();
    for line in said.stdout.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name, number, address, ..] = words[..]
            && let (Ok(number), Some(address)) = (number.parse(), address.strip_prefix("0x"))
        {
            rows.insert(u64::from_str_radix(address, 16).unwrap(), (name.to_owned(), number));
        }
    }
    assert!(rows.len() > 10, "{}", said.stdout);
    rows
}

#[test]
fn objects_have_the_lines_that_nasm_gives_them() {
    let (Some(nasm), Some(ld), Some(objdump)) =
        (oracle::find("nasm"), oracle::find("ld"), oracle::find("objdump"))
    else {
        return;
    };
    let folder = folder();
    for (format, emulation) in [("elf64", "elf_x86_64"), ("elf32", "elf_i386")] {
        folder.command(&nasm, ["-f", format, "-g", "-F", "dwarf", "a.asm", "-o", "theirs.o"]).succeeds();
        folder.tinyelf(["nasm", "-f", format, "-g", "-F", "dwarf", "a.asm", "-o", "ours.o"]).says(0, "", "");
        for name in ["theirs", "ours"] {
            let object = format!("{name}.o");
            folder.command(&ld, ["-m", emulation, &object, "-o", name]).succeeds();
        }
        assert_eq!(lines(&folder, &objdump, "ours"), lines(&folder, &objdump, "theirs"), "{format}");
        if let Some(lint) = oracle::find("eu-elflint") {
            folder.command(lint, ["ours.o"]).says(0, "No errors\n", "");
        }
        folder.tinyelf(["build", "-c", "-f", format, "-g", "-q", "a.asm", "-o", "built.o"]).says(0, "", "");
        assert!(folder.read("ours.o") == folder.read("built.o"));
    }
}

#[test]
fn executables_are_read_by_every_tool_without_a_word() {
    let (Some(objdump), Some(readelf)) = (oracle::find("objdump"), oracle::find("readelf")) else { return };
    let (lint, addr2line) = (oracle::find("eu-elflint"), oracle::find("addr2line"));
    let folder = folder();
    for words in [
        &["--arch", "x86_64"][..],
        &["--arch", "i386"],
        &["--layout", "compact", "--symbols"],
        &["--layout", "compact", "--sections"],
    ] {
        let made = [&["build", "-g", "-q", "a.asm", "-o", "a"], words].concat();
        folder.tinyelf(made).says(0, "", "");
        let said = folder.command(&readelf, ["-Ww", "-wN", "a"]).said();
        assert_eq!((said.status, said.stderr.as_str()), (0, ""));
        assert!(said.stdout.contains("DW_LANG_Mips_Assembler") || said.stdout.contains("MIPS assembler"));
        if let Some(lint) = &lint {
            folder.command(lint, ["--gnu-ld", "a"]).says(0, "No errors\n", "");
        }
        let rows = lines(&folder, &objdump, "a");
        if let Some(addr2line) = &addr2line {
            let addresses: Vec<String> = rows.keys().map(|address| format!("{address:#x}")).collect();
            let words = [vec!["-e".to_owned(), "a".to_owned()], addresses].concat();
            let expected: String = rows.values().map(|(name, line)| format!("./{name}:{line}\n")).collect();
            folder.command(addr2line, words).says(0, &expected, "");
        }
        let said = folder.command(&objdump, ["-dl", "a"]).succeeds();
        for line in [8, 9, 11, 2, 3, 13, 14, 15, 16, 18, 24, 25, 26] {
            assert!(said.stdout.contains(&format!("a.asm:{line}\n")), "{line}\n{}", said.stdout);
        }
        assert!(said.stdout.contains("end.inc:3\n"));
    }
}

#[test]
fn gdb_stops_steps_and_lists_by_line() {
    let Some(gdb) = oracle::find("gdb") else { return };
    let folder = folder();
    let session = |file: &str, commands: &[&str]| {
        let mut words = vec!["-q", "-nx", "-batch"];
        for command in commands {
            words.extend(["-ex", command]);
        }
        words.push(file);
        let said = folder.command(&gdb, words).succeeds();
        said.stdout + &said.stderr
    };
    folder.tinyelf(["build", "-gq", "a.asm", "-o", "a"]).says(0, "", "");
    let said = session("a", &["info line a.asm:14", "list a.asm:12,12", "info line end.inc:2"]);
    assert!(said.contains("Line 14 of \"./a.asm\" starts at address 0x"), "{said}");
    assert!(said.contains("12\t    two 5\n"), "{said}");
    assert!(said.contains("Line 2 of \"./end.inc\" starts at address 0x"), "{said}");
    if !host::runs_x86_64() {
        return;
    }
    // A breakpoint on the line that uses a macro stops at the first line of its body.
    let said =
        session("a", &["break a.asm:12", "run", "next", "next", "next", "break end.inc:2", "continue"]);
    if said.contains("ptrace") || said.contains("not permitted") {
        return;
    }
    for line in ["2\t    mov eax, %1\n", "3\t    inc eax\n", "13\t    call f\n", "14\t    my ebx, 3\n"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(said.contains("end.inc:2\n2\t    mov ebx, 7\n"), "{said}");
    let said = session("a", &["break a.asm:13", "run", "step", "backtrace", "finish"]);
    assert!(said.contains("f () at ./a.asm:8\n8\tf:  inc ebx\n"), "{said}");
    assert!(said.contains("in _start () at ./a.asm:13\n"), "{said}");
    assert!(said.contains("_start () at ./a.asm:14\n"), "{said}");
}

#[test]
fn scripts_and_templates_have_lines_on_every_machine() {
    let Some(readelf) = oracle::find("readelf") else { return };
    let folder = Folder::new();
    folder.write("a.sys", "write(1, \"hi\\n\")\n\nexit(3)\n");
    folder.tinyelf(["build", "-gq", "--arch", "all", "a.sys"]).says(0, "", "");
    for machine in ["x86_64", "i386", "aarch64", "riscv64"] {
        let file = format!("out/a.{machine}");
        let said = folder.command(&readelf, ["-wL", &file]).succeeds();
        assert_eq!(said.stderr, "");
        let numbers: Vec<&str> = said
            .stdout
            .lines()
            .filter(|line| line.starts_with("a.sys "))
            .filter_map(|line| line.split_whitespace().nth(1))
            .collect();
        assert_eq!(numbers, ["1", "3", "-"], "{}", said.stdout);
    }
    folder.tinyelf(["hello", "-gq", "-o", "hello"]).says(0, "", "");
    assert!(folder.command(&readelf, ["-wL", "hello"]).succeeds().stdout.contains("hello.sys"));
}

#[test]
fn it_is_refused_where_there_is_no_room_for_it() {
    let folder = folder();
    folder.tinyelf(["build", "-g", "--layout", "compact", "a.asm"]).says(
        2,
        "",
        "error: `-g` needs section headers, which `--layout compact` leaves out; keep them with `--symbols`\n",
    );
    folder.tinyelf(["build", "-g", "--layout", "golf", "a.asm"]).says(
        2,
        "",
        "error: `-g` needs section headers, which `--layout golf` leaves out; debug `--layout standard`\n",
    );
    folder.tinyelf(["build", "-g", "-f", "bin", "a.asm"]).says(
        2,
        "",
        "error: `-f bin` writes the bytes alone, without headers: `-g` has no meaning there\n",
    );
    folder.tinyelf(["wrap", "-g", "--hex", "90"]).says(
        2,
        "",
        "error: `-g` describes the lines of a source, and machine code has none\n",
    );
    folder.tinyelf(["nasm", "-g", "-F", "cv8", "-f", "elf64", "a.asm"]).says(
        1,
        "",
        "nasm: fatal: unrecognized debug format `cv8` for output format `elf64`\nType nasm -h for help.\n",
    );
    assert_eq!(folder.list("."), ["a.asm", "end.inc"]);
}

#[test]
fn what_is_loaded_stays_as_it_is() {
    let folder = folder();
    folder.tinyelf(["build", "-q", "--symbols", "a.asm", "-o", "plain"]).says(0, "", "");
    folder.tinyelf(["build", "-gq", "a.asm", "-o", "described"]).says(0, "", "");
    let (plain, described) = (folder.read("plain"), folder.read("described"));
    let end = loaded(&plain);
    assert_eq!(end, loaded(&described));
    // Behind the file header, which says where the section headers are.
    assert!(plain[64..end] == described[64..end]);
}

/// Where the last PT_LOAD of an ELF64 file ends.
fn loaded(file: &[u8]) -> usize {
    let number = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap()) as usize;
    let count = usize::from(file[56]);
    let ends = (0..count).map(|index| 64 + 56 * index).filter(|&at| file[at] == 1);
    ends.map(|at| number(at + 8) + number(at + 32)).max().unwrap()
}
