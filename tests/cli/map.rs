//! `--map` and `--html`: where each byte came from, compared with what objdump and addr2line say of the same program.

use std::collections::BTreeMap;

use crate::oracle;
use crate::tool::Folder;

const PROGRAM: &str = "\
%macro two 1
    mov eax, %1
    inc eax
%endmacro
section .text
global _start
_start:
    nop
    two 5
    mov rsi, text
    times 3 nop
%rep 2
    dec ebx
%endrep
    jmp .on
.on:
    %include \"end.inc\"
section .rodata
text: db \"hello, world, this is long\", 10
    dq text
";

const END: &str = "    mov eax, 60\n    xor edi, edi\n    syscall\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.asm", format!("bits 64\n{PROGRAM}")).write("end.inc", END);
    folder
}

/// A row of the map; the lines that continue it are part of it.
#[derive(Debug)]
struct Row {
    offset: Option<usize>,
    address: Option<u64>,
    bytes: Vec<u8>,
    /// How many bytes are counted and not shown.
    more: usize,
    what: String,
}

fn rows(map: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut lines = map.lines();
    assert_eq!(lines.next(), Some("offset    address         bytes                    source"));
    for line in lines {
        if let Some(more) = line.trim_start().strip_prefix("… ") {
            rows.last_mut().unwrap().more = more.split(' ').next().unwrap().parse().unwrap();
            continue;
        }
        let offset = usize::from_str_radix(line[..10].trim(), 16).ok();
        let address = line[10..26].trim().strip_prefix("0x");
        let address = address.map(|digits| u64::from_str_radix(digits, 16).unwrap());
        let bytes = &line[26..line.len().min(51)];
        let bytes = match offset {
            Some(_) => bytes.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect(),
            None => vec![],
        };
        match line.get(51..) {
            Some(what) => rows.push(Row { offset, address, bytes, more: 0, what: what.to_owned() }),
            None => rows.last_mut().unwrap().bytes.extend(bytes),
        }
    }
    rows
}

/// The rows, after it was checked that they show every byte of the file once.
fn whole(map: &str, file: &[u8]) -> Vec<Row> {
    let rows = rows(map);
    let mut at = 0;
    for row in rows.iter().filter(|row| row.offset.is_some()) {
        assert_eq!(row.offset, Some(at), "{map}");
        assert_eq!(row.bytes, file[at..at + row.bytes.len()], "{map}");
        at += row.bytes.len() + row.more;
    }
    assert_eq!(at, file.len(), "{map}");
    rows
}

fn map_of(folder: &Folder, words: &[&str]) -> Vec<Row> {
    let said = folder.tinyelf([&["build", "a.asm", "-q", "--map", "-o", "a"], words].concat()).succeeds();
    whole(&said.stdout, &folder.read("a"))
}

/// File and line of a row, of the body where a macro made it.
fn innermost(row: &Row) -> Option<&str> {
    let place = row.what.rsplit("<- ").next().unwrap().split("  ").next().unwrap();
    place.rsplit_once(':').filter(|(_, line)| line.parse::<u32>().is_ok()).map(|_| place)
}

#[test]
fn addresses_and_bytes_are_those_of_objdump_and_lines_those_of_addr2line() {
    let (Some(objdump), Some(addr2line)) = (oracle::find("objdump"), oracle::find("addr2line")) else {
        return;
    };
    let folder = folder();
    let rows = map_of(&folder, &["-g"]);
    let said = folder.command(objdump, ["-d", "-w", "--insn-width=16", "-j", ".text", "a"]).succeeds();
    let mut theirs = BTreeMap::new();
    for line in said.stdout.lines() {
        let mut parts = line.split('\t');
        let Some(address) = parts.next().and_then(|part| part.trim().strip_suffix(':')) else { continue };
        let Ok(address) = u64::from_str_radix(address, 16) else { continue };
        let bytes = parts.next().unwrap().split_whitespace();
        theirs.insert(address, bytes.map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect::<Vec<_>>());
    }
    let code: Vec<_> =
        rows.iter().filter(|row| row.address.is_some_and(|at| theirs.contains_key(&at))).collect();
    let ours: BTreeMap<_, _> = code.iter().map(|row| (row.address.unwrap(), row.bytes.clone())).collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 13);
    let addresses: Vec<_> = ours.keys().map(|address| format!("{address:#x}")).collect();
    let words = [vec!["-e".to_owned(), "a".to_owned()], addresses].concat();
    let lines = folder.command(addr2line, words).succeeds();
    let lines: Vec<_> = lines.stdout.lines().map(|line| line.trim_start_matches("./")).collect();
    assert_eq!(code.iter().map(|row| innermost(row).unwrap()).collect::<Vec<_>>(), lines);
    // A macro's row has the line of the use first.
    assert!(rows.iter().any(|row| row.what == "a.asm:10  two 5  <- a.asm:3  mov eax, %1"));
}

#[test]
fn every_layout_and_format_is_mapped_to_the_last_byte() {
    let folder = folder();
    for words in [
        &["--layout", "standard"][..],
        &["--layout", "standard", "-g"],
        &["--layout", "compact"],
        &["--layout", "compact", "--sections"],
        &["--layout", "compact", "--symbols"],
        &["--layout", "golf"],
        &["--layout", "golf", "--keep", "tools"],
        &["--layout", "golf", "--keep", "nothing"],
        &["-f", "bin"],
        &["-c"],
    ] {
        let rows = map_of(&folder, words);
        let lines: Vec<_> = rows.iter().filter_map(innermost).collect();
        for line in ["a.asm:9", "a.asm:3", "a.asm:11", "a.asm:14", "end.inc:3", "a.asm:20", "a.asm:21"] {
            assert!(lines.contains(&line), "{line} is missing with {words:?}: {lines:?}");
        }
    }
}

#[test]
fn golfed_instructions_are_found_where_they_went() {
    let Some(objdump) = oracle::find("objdump") else { return };
    let folder = folder();
    let mut seen = 0;
    for row in map_of(&folder, &["--layout", "golf"]) {
        let (Some(start), Some(_)) = (row.offset, innermost(&row)) else { continue };
        let statement = row.what.rsplit("  ").next().unwrap().trim_start_matches("times 3 ");
        let mnemonic = statement.split(' ').next().unwrap();
        if !["nop", "mov", "inc", "dec", "jmp", "xor", "syscall"].contains(&mnemonic) {
            continue;
        }
        let range = [start, start + row.bytes.len()].map(|at| at.to_string());
        let [start, stop] = [format!("--start-address={}", range[0]), format!("--stop-address={}", range[1])];
        let words = ["-D", "-M", "intel", "-b", "binary", "-m", "i386:x86-64", &start, &stop, "a"];
        let said = folder.command(&objdump, words).succeeds();
        let found: Vec<_> = said.stdout.lines().filter_map(|line| line.split('\t').nth(2)).collect();
        assert_eq!(found.len(), 1, "{row:?}: {}", said.stdout);
        // Golf loads an address in its own way.
        let theirs = found[0].split(' ').next().unwrap();
        assert!(theirs == mnemonic || theirs == "lea" && statement == "mov rsi, text", "{row:?}: {theirs}");
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn scripts_and_memory_have_their_lines() {
    let folder = Folder::new();
    folder.write("a.sys", "space room 64\nwrite(1, \"hi\\n\")\nread(0, room, 64)\n");
    for arch in ["x86_64", "i386", "aarch64", "riscv64"] {
        let words = ["build", "a.sys", "-q", "--map", "-o", "a", "--arch", arch];
        let map = folder.tinyelf(words).succeeds().stdout;
        let rows = whole(&map, &folder.read("a"));
        assert!(rows.iter().any(|row| row.what == "a.sys:2  write(1, \"hi\\n\")"), "{map}");
        let room = rows.last().unwrap();
        assert_eq!((room.offset, room.what.as_str()), (None, "a.sys:1  space room 64"), "{map}");
        assert!(map.contains("  64 bytes of memory       a.sys:1  "), "{map}");
    }
}

#[test]
fn the_page_has_the_lines_of_its_sources() {
    let folder = folder();
    folder.tinyelf(["build", "a.asm", "-q", "--html", "a.html", "-o", "a"]).says(0, "", "");
    let page = String::from_utf8(folder.read("a.html")).unwrap();
    assert!(page.contains("<h3>a.asm</h3>") && page.contains("<h3>end.inc</h3>"), "{page}");
    assert!(page.contains("<u>10</u> <code>two 5</code></li>"));
    assert!(page.contains("<q>a.asm:10  two 5  &lt;- a.asm:3  mov eax, %1</q>"));
    // The string and the quad-word behind it are two statements: no row of bytes holds some of both.
    assert!(page.contains("<code>&quot;s long.&quot;</code> <b></b>  <q>a.asm:20  "), "{page}");
    folder.tinyelf(["inspect", "--html", "a", "-o", "b.html"]).says(0, "", "");
    assert!(!String::from_utf8(folder.read("b.html")).unwrap().contains("id=\"source\""));
}

#[test]
fn what_cannot_be_mapped_is_refused() {
    let folder = folder();
    let check = |words: &[&str], message: &str| {
        let words = [&["build", "a.asm"], words].concat();
        folder.tinyelf(words).says(2, "", &format!("error: {message}\n"));
    };
    check(
        &["--map", "-o", "-"],
        "`--map` prints on standard output, where the program goes: name a file with `-o`",
    );
    check(
        &["--html", "a.html", "-f", "bin"],
        "`--html` shows ELF files, and `-f bin` writes none: `--map` shows where its bytes came from",
    );
    check(&["--html", "a", "-o", "a"], "`--html` and the program have the same name, `a`");
    check(
        &["--html", "a.asm"],
        "the output `a.asm` is also an input (`a.asm`); choose another name with `-o`",
    );
    check(
        &["-E", "--map"],
        "`-E` prints the source and builds nothing: `--map` and `--html` have nothing to show",
    );
    assert_eq!(folder.list("."), ["a.asm", "end.inc"]);
}

/// Of several machines each program has a map under its name, and a page of its own.
#[test]
fn every_machine_has_its_map() {
    let folder = Folder::new();
    let one = |arch: &str| {
        let words = ["hello", "-q", "--arch", arch, "-o", "one", "--map"];
        folder.tinyelf(words).succeeds().stdout
    };
    let expected = format!("h.i386:\n{}h.riscv64:\n{}", one("i386"), one("riscv64"));
    let words = ["hello", "-q", "--arch", "i386,riscv64", "-o", "h", "--map", "--html", "out/h.html"];
    folder.tinyelf(words).says(0, &expected, "");
    for (page, machine) in [("out/h.i386.html", "EM_386"), ("out/h.riscv64.html", "EM_RISCV")] {
        let text = String::from_utf8_lossy(&folder.read(page)).into_owned();
        assert!(text.contains(machine), "{page}");
    }
}
