//! Files that are wrong on purpose: readelf sees what was written, and what cannot be written is refused.

use std::str::FromStr as _;

use tinyelf::elf::fixture::{Fixture, FixtureError, Override};
use tinyelf::elf::records::Machine;

use crate::program::{Program, assemble};
use crate::tool::Folder;

const SOURCE: &str = "global _start\n_start: mov al,60\n syscall\nsection .data\nd: dd 1\n";

fn fixture(overrides: &[&str]) -> Result<Fixture, FixtureError> {
    let overrides = overrides.iter().map(|text| Override::from_str(text)).collect::<Result<_, _>>()?;
    Ok(Fixture { overrides, ..Fixture::default() })
}

/// The file with symbols and these overrides.
fn build(machine: Machine, overrides: &[&str]) -> Result<Vec<u8>, FixtureError> {
    let source =
        if machine == Machine::I386 { SOURCE.replace("syscall", "int 0x80") } else { SOURCE.to_owned() };
    let bytes = assemble(machine, &source, |options| options.layout.symbols = true).unwrap();
    fixture(overrides)?.apply(bytes)
}

/// What readelf shows with all the lines of its headers, blanks made one.
fn shown(bytes: &[u8], switches: &str) -> Option<String> {
    let said = Program::new(bytes).judged_by("readelf", &[switches])?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    Some(text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect())
}

#[test]
fn readelf_sees_every_overridden_field() {
    let cases = [
        ("-hW", "e_type=ET_CORE", "Type: CORE (Core file)"),
        ("-hW", "e_type=3", "Type: DYN"),
        ("-hW", "e_machine=EM_RISCV", "Machine: RISC-V"),
        ("-hW", "e_version=0x1234", "Version: 0x1234"),
        ("-hW", "e_entry=0x7654321", "Entry point address: 0x7654321"),
        ("-hW", "e_phoff=65", "Start of program headers: 65 (bytes into file)"),
        ("-hW", "e_flags=0b101", "Flags: 0x5"),
        ("-hW", "e_ehsize=1", "Size of this header: 1 (bytes)"),
        ("-hW", "e_phentsize=33", "Size of program headers: 33 (bytes)"),
        ("-hW", "e_phnum=0", "Number of program headers: 0"),
        ("-hW", "e_shstrndx=SHN_UNDEF", "Section header string table index: 0"),
        ("-hW", "e_ident[EI_OSABI]=ELFOSABI_FREEBSD", "OS/ABI: UNIX - FreeBSD"),
        ("-hW", "e_ident[8]=7", "ABI Version: 7"),
        ("-lW", "phdr[0].p_type=PT_NOTE", "NOTE 0x000000"),
        ("-lW", "phdr[PT_GNU_STACK].p_align=0x30", " RW 0x30"),
        ("-lW", "phdr[0].p_flags=PF_R|PF_W", " RW 0x1000"),
        ("-lW", "phdr[1].p_filesz=0x123", "00123 "),
        ("-lW", "phdr[1].p_memsz=0x124", "00124 "),
        ("-lW", "phdr[0].p_offset=0x125", " 0x000125 "),
        ("-SW", "shdr[.text].sh_type=SHT_NOTE", ".text NOTE"),
        ("-SW", "shdr[1].sh_type=SHT_INIT_ARRAY", ".text INIT_ARRAY"),
        ("-SW", "shdr[.text].sh_flags=SHF_WRITE|SHF_ALLOC|SHF_TLS", " WAT 0 0 "),
        ("-SW", "shdr[.data].sh_offset=0x777", " 000777 "),
        ("-SW", "shdr[.data].sh_size=0x778", " 000778 "),
        ("-SW", "shdr[.text].sh_entsize=7", " 07 AX 0 0 "),
        ("-SW", "shdr[.text].sh_link=2", " AX 2 0 "),
        ("-SW", "shdr[.text].sh_info=3", " AX 0 3 "),
        ("-sW", "sym[_start].st_value=0x999", "999 0 NOTYPE GLOBAL DEFAULT 1 _start"),
        ("-sW", "sym[_start].st_size=12", " 12 NOTYPE GLOBAL DEFAULT 1 _start"),
        ("-sW", "sym[_start].st_info=STB_WEAK|STT_FUNC", " 0 FUNC WEAK DEFAULT 1 _start"),
        ("-sW", "sym[_start].st_other=STV_HIDDEN", " 0 NOTYPE GLOBAL HIDDEN 1 _start"),
        ("-sW", "sym[_start].st_shndx=SHN_ABS", " 0 NOTYPE GLOBAL DEFAULT ABS _start"),
    ];
    for machine in [Machine::X86_64, Machine::I386] {
        for (switches, set, expected) in cases {
            let bytes = build(machine, &[set]).unwrap();
            let Some(text) = shown(&bytes, switches) else { return };
            assert!(text.contains(expected), "{} {set}:\n{text}", machine.name());
        }
    }
}

#[test]
fn overrides_change_their_bytes_and_no_others() {
    for machine in [Machine::X86_64, Machine::I386] {
        let (plain, end) = (build(machine, &[]).unwrap(), machine.class().ehdr_size() as usize);
        let set = ["e_phoff=0", "phdr[0].p_align=-1", "e_ident[EI_MAG0]=0x11", "e_ident[EI_CLASS]=0"];
        let changed = build(machine, &set).unwrap();
        let (at, width) = if machine == Machine::X86_64 { (end + 48, 8) } else { (end + 28, 4) };
        let mut expected = plain;
        expected[if width == 8 { 32 } else { 28 }] = 0;
        expected[at..at + width].fill(0xff);
        expected[0] = 0x11;
        expected[4] = 0;
        assert_eq!(changed, expected, "{}", machine.name());
    }
}

fn refused(machine: Machine, set: &str, expected: &str) {
    assert_eq!(build(machine, &[set]).unwrap_err().to_string(), expected, "{set}");
}

#[test]
fn what_does_not_fit_or_does_not_exist_is_refused() {
    let check = |set, expected| refused(Machine::X86_64, set, expected);
    check("e_phnum=65536", "`e_phnum=65536`: the value does not fit, `e_phnum` has 16 bits");
    check("e_phnum=-32769", "`e_phnum=-32769`: the value does not fit, `e_phnum` has 16 bits");
    check("e_ident[4]=256", "`e_ident[4]=256`: the value does not fit, `e_ident[EI_CLASS]` has 8 bits");
    check(
        "e_phnum",
        "`e_phnum` overrides nothing: write FIELD=VALUE, such as `e_phnum=0` or `phdr[0].p_flags=PF_R`",
    );
    check("phdr[3].p_type=9", "`phdr[3].p_type=9`: the file has 3 program headers, counted from 0");
    check(
        "phdr[PT_TLS].p_type=9",
        "`phdr[PT_TLS].p_type=9`: none of the 3 program headers is called `PT_TLS`",
    );
    check("shdr[.bss].sh_size=9", "`shdr[.bss].sh_size=9`: none of the 6 section headers is called `.bss`");
    check("sym[main].st_size=9", "`sym[main].st_size=9`: none of the 3 symbols is called `main`");
    check(
        "phdr[0].e_type=9",
        "no field is called `phdr[0].e_type`; there are p_type, p_flags, p_offset, p_vaddr, p_paddr, p_filesz, \
         p_memsz, p_align",
    );
    check(
        "e_type=PT_LOAD",
        "`PT_LOAD` is no value of `e_type`: write a number, or one of ET_NONE, ET_REL, ET_EXEC, ET_DYN, ET_CORE",
    );
    check("e_entry=main", "`main` is no value of `e_entry`: write a number");
    refused(
        Machine::I386,
        "e_entry=0x100000000",
        "`e_entry=0x100000000`: the value does not fit, `e_entry` has 32 bits",
    );
    let unknown = fixture(&["e_foo=1"]).unwrap_err().to_string();
    assert!(unknown.starts_with("no field is called `e_foo`; there are e_ident[EI_MAG], "), "{unknown}");
    let golfed =
        assemble(Machine::X86_64, SOURCE, |options| options.layout.kind = tinyelf::layout::Kind::Compact);
    let error = fixture(&["sym[_start].st_size=9"]).unwrap().apply(golfed.unwrap()).unwrap_err().to_string();
    assert_eq!(error, "`sym[_start].st_size=9`: the file has no symbols (`--symbols` gives it some)");
}

#[test]
fn files_are_cut_and_lengthened() {
    let change = |truncate, append_zeros| Fixture { truncate, append_zeros, ..Fixture::default() };
    let bytes = |text: &str| text.as_bytes().to_vec();
    assert_eq!(change(Some(2), 0).apply(bytes("abc")), Ok(bytes("ab")));
    assert_eq!(change(Some(3), 1).apply(bytes("abc")), Ok(bytes("abc\0")));
    assert_eq!(change(Some(0), 2).apply(bytes("abc")), Ok(bytes("\0\0")));
    let error = change(Some(4), 9).apply(bytes("abc")).unwrap_err().to_string();
    assert_eq!(error, "`--truncate 4` is past the end: the file has 3 bytes");
    assert_eq!(change(None, 1 << 31).apply(bytes("abc")), Err(FixtureError::TooLarge(1 << 31)));
}

#[test]
fn every_command_that_writes_an_executable_takes_fixtures() {
    let folder = Folder::new();
    folder.write("a.asm", SOURCE);
    let set = [
        "--set",
        "e_phnum=0",
        "--set",
        "e_type=ET_CORE",
        "--truncate",
        "0x60",
        "--append-zeros",
        "2",
        "-o",
        "a",
    ];
    let said = ", e_phnum=0, e_type=ET_CORE, cut to 96, 2 zeros appended\n";
    let standard = format!("a: 98 bytes, standard (--layout compact makes it smaller){said}");
    for words in
        [&["build", "a.asm"][..], &["sys", "exit(0)"], &["wrap", "--hex", "b03c0f05"], &["exit", "0"]]
    {
        folder.tinyelf(words.iter().chain(&set)).says(0, &standard, "");
        let bytes = folder.read("a");
        assert_eq!((bytes.len(), bytes[16], bytes[56]), (98, 4, 0), "{words:?}");
    }
    folder.tinyelf(["build", "-c", "a.asm", "-o", "a.o", "--set", "e_version=7", "-q"]).says(0, "", "");
    assert_eq!(folder.read("a.o")[20], 7);
    let error = "error: `e_phnum=0x10000`: the value does not fit, `e_phnum` has 16 bits\n";
    folder.tinyelf(["build", "a.asm", "--set", "e_phnum=0x10000"]).says(2, "", error);
    let error = "error: `--truncate 1000` is past the end: the file has 520 bytes\n";
    folder.tinyelf(["build", "a.asm", "-o", "b", "--truncate", "1000"]).says(1, "", error);
    assert!(!folder.path("b").exists());
    let error = "error: `-f bin` writes the bytes alone, without headers: `--set` has no meaning there\n";
    folder.tinyelf(["build", "-f", "bin", "a.asm", "--set", "e_phnum=1"]).says(2, "", error);
    let error = "error: the file has 521 bytes, 1 more than `--max-size 520`\n";
    folder
        .tinyelf(["build", "a.asm", "-o", "b", "--append-zeros", "1", "--max-size", "520"])
        .says(1, "", error);
}
