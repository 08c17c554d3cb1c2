//! Every combination of layout options that makes sense, for both machines: read without a warning, disassembled,
//! executed; and what contradicts is refused.

use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind, Options};

use crate::oracle;
use crate::program::{Program, assemble, runs};
use crate::tool::Folder;

/// Prints from `.rodata`, counts in `.data` and `.bss`, ends with 42.
const X86_64: &str = "
global _start:function (_start.end - _start)
section .text
_start: lea rsi,[rel message]
        mov edi,1
        mov edx,length
        mov eax,1
        syscall
        lea rbx,[rel count]
        inc dword [rbx]
        lea rcx,[rel zero]
        mov edi,[rcx]
        add edi,[rbx]
        mov eax,60
        syscall
.end:
section .rodata
message: db 'read',10
length  equ $-message
section .data
global count:data 4
count:  dd 41
section .bss
zero:   resd 3
";

const I386: &str = "
global _start:function (_start.end - _start)
section .text
_start: mov ecx,message
        mov ebx,1
        mov edx,length
        mov eax,4
        int 0x80
        inc dword [count]
        mov ebx,[zero]
        add ebx,[count]
        mov eax,1
        int 0x80
.end:
section .rodata
message: db 'read',10
length  equ $-message
section .data
global count:data 4
count:  dd 41
section .bss
zero:   resd 3
";

/// Every combination for one machine; 32-bit code has absolute addresses, so none of its is position-independent.
fn combinations(machine: Machine) -> Vec<Options> {
    let mut all = Vec::new();
    for bits in 0..1 << 7 {
        let on = |bit: u32| bits >> bit & 1 == 1;
        let options = Options {
            kind: if on(0) { Kind::Compact } else { Kind::Standard },
            separate_code: on(1),
            execstack: on(2),
            // The other one than usual.
            gnustack: on(3).then_some(on(0)),
            symbols: on(4),
            sections: on(5),
            as_linked: false,
            pie: on(6),
            image_base: (on(1) && !on(6)).then_some(0x1000_0000),
            entry: None,
        };
        let contradicts = options.sections && (options.kind == Kind::Standard || options.symbols)
            || options.execstack && options.gnustack == Some(false)
            || options.pie && machine == Machine::I386;
        if !contradicts {
            all.push(options);
        }
    }
    all
}

#[test]
fn every_combination_is_read_disassembled_and_runs() {
    for (machine, source) in [(Machine::X86_64, X86_64), (Machine::I386, I386)] {
        for layout in combinations(machine) {
            let bytes = assemble(machine, source, |options| options.layout = layout.clone()).unwrap();
            let program = Program::new(&bytes);
            let what = format!("{} {layout:?}", machine.name());
            if runs(machine) {
                let output = program.run(b"");
                let seen = (output.status.code(), output.stdout.as_slice(), output.stderr.as_slice());
                assert_eq!(seen, (Some(42), &b"read\n"[..], &b""[..]), "{what}");
            }
            check_readers(&program, &layout, &what);
        }
    }
}

fn check_readers(program: &Program, layout: &Options, what: &str) {
    if let Some(said) = program.judged_by("readelf", &["-aW"]) {
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        assert_eq!(String::from_utf8_lossy(&said.stderr), "", "{what}");
        let stack = text.lines().find(|line| line.contains("GNU_STACK"));
        let wanted = layout.execstack || layout.gnustack.unwrap_or(layout.kind == Kind::Standard);
        assert_eq!(stack.is_some(), wanted, "{what}");
        assert!(stack.is_none_or(|line| line.contains(" RWE ") == layout.execstack), "{what}: {stack:?}");
        let rights = text.lines().filter(|line| line.trim_start().starts_with("LOAD")).count();
        assert_eq!(rights, 2 + usize::from(layout.separate_code), "{what}");
        assert!(!text.lines().any(|line| line.contains("LOAD") && line.contains(" RWE ")), "{what}");
        assert_eq!(text.contains("DYN ("), layout.pie, "{what}");
        if layout.symbols {
            assert!(text.contains(" FUNC    GLOBAL DEFAULT "), "{what}: {text}");
            assert!(text.contains(" 4 OBJECT  GLOBAL DEFAULT "), "{what}: {text}");
        }
    }
    let has_headers = layout.kind == Kind::Standard || layout.symbols || layout.sections;
    if has_headers && let Some(said) = program.judged_by("objdump", &["-d"]) {
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        assert_eq!(String::from_utf8_lossy(&said.stderr), "", "{what}");
        assert!(text.contains("syscall") || text.contains("int    $0x80"), "{what}: {text}");
        assert_eq!(text.contains("<_start>:"), layout.symbols, "{what}: {text}");
    }
}

#[test]
fn gdb_stops_at_a_symbol_and_nm_lists_sizes() {
    for (machine, source) in [(Machine::X86_64, X86_64), (Machine::I386, I386)] {
        for kind in [Kind::Standard, Kind::Compact] {
            let change = |options: &mut tinyelf::pipeline::Options| {
                options.layout.kind = kind;
                options.layout.symbols = true;
            };
            let program = Program::new(&assemble(machine, source, change).unwrap());
            if let Some(said) = program.judged_by("nm", &["-S", "--defined-only"]) {
                let text = String::from_utf8_lossy(&said.stdout).into_owned();
                assert!(text.contains("04 D count") && text.contains(" T _start"), "{text}");
            }
            if runs(machine) && oracle::find("gdb").is_some() {
                let words = ["-nx", "-batch", "-ex", "break _start", "-ex", "run", "-ex", "x/i $pc"];
                let said = program.judged_by("gdb", &words).unwrap();
                let text = String::from_utf8_lossy(&said.stdout).into_owned();
                assert!(text.contains("Breakpoint 1, ") && text.contains("<_start>:"), "{text}");
            }
        }
    }
}

#[test]
fn contradictions_are_refused() {
    let refused = |source: &str, expected: &str, change: fn(&mut Options)| {
        let error = assemble(Machine::X86_64, source, |options| change(&mut options.layout)).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    let golf = "needs section headers, which golf leaves out";
    refused(X86_64, golf, |layout| {
        layout.kind = Kind::Golf(GolfOptions::default());
        layout.symbols = true;
    });
    refused(X86_64, golf, |layout| {
        layout.kind = Kind::Golf(GolfOptions::default());
        layout.sections = true;
    });
    let absolute = "global _start\n_start: mov esi,_start\n";
    refused(absolute, "an absolute address in a position-independent program", |layout| layout.pie = true);
    let folder = Folder::new();
    folder.write("a.asm", absolute);
    let said = folder.tinyelf(["build", "--pie", "a.asm"]).said();
    assert!(said.status == 1 && said.stderr.contains("= help: lea reg,[rel label]"), "{}", said.stderr);
    let said = folder.tinyelf(["build", "--max-size", "391", "-q", "a.asm"]).said();
    assert!(said.status == 1 && said.stderr.contains("more than `--max-size 391`"), "{}", said.stderr);
}
