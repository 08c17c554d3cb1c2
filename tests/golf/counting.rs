//! Programs that count on where their bytes lie: golf leaves what they count on, or leaves them alone; each does the
//! same in every promise as in the standard layout.

use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind, Promise};
use tinyelf::pipeline::{self, Language, Options, Source};
use tinyelf::source::{Diagnostics, MemoryLoader, SourceMap};

use crate::host;
#[cfg(target_os = "linux")]
use crate::run;

/// The file and whether golf left it compact.
fn build(machine: Machine, text: &str, kind: Kind) -> (Vec<u8>, bool) {
    let mut options = Options::new(machine);
    options.layout.kind = kind;
    let source = Source {
        name: "a.asm".into(),
        text: text.as_bytes().into(),
        strict: false,
        language: Language::Nasm,
    };
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let bytes = pipeline::build(&[source], &options, &MemoryLoader::new(), &mut map, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|one| one.message.clone()).collect();
    let left = said.iter().any(|one| one.contains("leaves this program compact"));
    (bytes.unwrap_or_else(|| panic!("{said:?}\n{text}")), left)
}

/// The same output and status in every layout.  `golfed` is whether golf takes the program at all.
fn check(machine: Machine, golfed: bool, text: &str, stdout: &str, status: i32) {
    let runs = match machine {
        Machine::I386 => host::runs_i386(),
        _ => host::runs_x86_64(),
    };
    let golf = |promise| Kind::Golf(GolfOptions { promise, ..GolfOptions::default() });
    for kind in [Kind::Standard].into_iter().chain(Promise::ALL.map(golf)) {
        let (bytes, left) = build(machine, text, kind);
        assert!(kind == Kind::Standard || left != golfed, "{kind:?}: left compact: {left}\n{text}");
        assert!(bytes.starts_with(b"\x7fELF"));
        #[cfg(target_os = "linux")]
        if runs {
            let expected = (stdout.as_bytes().to_vec(), Some(status));
            assert_eq!(run(&bytes), expected, "{kind:?} {bytes:02x?}\n{text}");
        }
    }
    let _ = (runs, stdout, status);
}

fn check64(golfed: bool, text: &str, stdout: &str, status: i32) {
    check(Machine::X86_64, golfed, &format!("global _start\n{text}"), stdout, status);
}

fn check32(golfed: bool, text: &str, stdout: &str, status: i32) {
    check(Machine::I386, golfed, &format!("global _start\n{text}"), stdout, status);
}

const EXIT: &str = "mov eax,60\nsyscall\n";
const WRITE: &str = "mov eax,1\nmov edi,1\nsyscall\n";

#[test]
fn lengths_that_became_numbers_hold() {
    let text = format!("_start: mov rsi,msg\nmov edx,len\n{WRITE}xor edi,edi\n{EXIT}");
    check64(true, &format!("{text}msg: db 'in text',10\nlen equ $-msg"), "in text\n", 0);
    // Two strings that are one buffer, with code around them.
    let two = "a: db 'one '\nb: db 'two',10\nlen equ $-msg\nmsg equ a";
    check64(true, &format!("{text}{two}"), "one two\n", 0);
    check64(true, &format!("mov al,0\n_start: mov edi,end-_start\n{EXIT}end:"), "", 12);
    check64(true, &format!("_start: jmp near x\nx: mov edi,y-x\ny: {EXIT}"), "", 5);
    check64(true, &format!("_start: nop\ntimes 20-($-$$) inc edi\n{EXIT}"), "", 19);
    check64(
        true,
        &format!("_start: jmp short x\n%if $-$$ > 1\ndb 1\n%endif\nx: mov dil,x-$$\n{EXIT}"),
        "",
        3,
    );
    check64(
        true,
        &format!(
            "_start: jmp a\ntimes 3 nop\na: mov edi,$-$$\ntimes 130 nop\njmp _start.b\n_start.b: {EXIT}"
        ),
        "",
        5,
    );
}

#[test]
fn tables_of_jumps_lead_where_they_did() {
    let cases = "a: mov edi,5\njmp out\nb: mov edi,6\njmp out\nc: mov edi,7\nout: mov eax,60\nsyscall\n";
    let absolute = format!("_start: mov ecx,2\njmp [table+rcx*8]\n{cases}section .rodata\ntable: dq a,b,c");
    check64(true, &absolute, "", 7);
    let before = format!("_start: mov ecx,2\njmp [table-8+rcx*8]\n{cases}table: dq a,b,c");
    check64(true, &before, "", 6);
    let offsets = "_start: lea rax,[rel table]\nmovsx rcx,dword [rax+8]\nadd rax,rcx\njmp rax\n";
    check64(true, &format!("{offsets}{cases}align 4,db 0\ntable: dd a-table,b-table,c-table"), "", 7);
    check64(true, &format!("{offsets}{cases}table: dd a-table,b-table,c-table"), "", 7);
    let other = format!("{offsets}{cases}section .rodata\ntable: dd a-table,b-table,c-table");
    check64(false, &other, "", 7);
    check64(true, &format!("_start: mov rax,c\npush rax\nret\n{cases}"), "", 7);
    check64(true, &format!("_start: push b\nret\n{cases}"), "", 6);
}

#[test]
fn code_found_through_the_return_address_stays_where_it_is() {
    let tail = format!("mov edx,5\n{WRITE}xor edi,edi\n{EXIT}");
    check64(
        true,
        &format!("_start: call next\nnext: pop rsi\nadd rsi,msg-next\n{tail}msg: db 'five',10"),
        "five\n",
        0,
    );
    check64(
        true,
        &format!("_start: call $+5\npop rsi\nadd rsi,32\n{tail}times 37-($-$$) nop\ndb 'five',10"),
        "five\n",
        0,
    );
    check64(true, &format!("_start: call next\ndb 'five',10\nnext: pop rsi\n{tail}"), "five\n", 0);
    check64(true, &format!("_start: jmp short a\nb: pop rsi\n{tail}a: call b\ndb 'five',10"), "five\n", 0);
}

#[test]
fn data_that_is_run_is_code() {
    check64(true, "_start: mov eax,60\nmov edi,7\ndb 0x0f,0x05\nud2", "", 7);
    check64(true, "_start: mov edi,7\ndb 0xb8\ndd 60\nsyscall\nud2", "", 7);
    check64(true, "_start: mov eax,60\ndb 0x67\nmov edi,7\nsyscall\nud2", "", 7);
    check64(true, &format!("_start: jmp x+1\nx: db 0xb8\nmov edi,7\n{EXIT}"), "", 7);
    check64(true, &format!("_start: jmp there\nback: {EXIT}there: db 0xbf\ndd 9\njmp back"), "", 9);
    check64(
        true,
        &format!("_start: mov rax,code\ncall rax\n{EXIT}section .rodata\ncode: db 0xbf,3,0,0,0,0xc3"),
        "",
        3,
    );
    check64(true, "_start: mov edi,[x+1]\njmp x\nx: mov eax,60\nsyscall", "", 60);
    check64(true, "_start: mov edi,[x]\njmp x\nx: mov eax,60\nsyscall", "", 0xb8);
    check64(
        true,
        "_start: jmp over\nmsg: db 'x'\nover: mov rsi,over-1\nmov edx,1\nmov eax,1\nmov edi,1\nsyscall\nxor edi,edi\nmov eax,60\nsyscall",
        "x",
        0,
    );
}

#[test]
fn ends_of_data_that_are_addresses_stay_ends() {
    let sum = "_start: mov rsi,data\nxor edi,edi\nnext: movzx eax,byte [rsi]\nadd edi,eax\ninc rsi\ncmp rsi,end\njne next\n";
    check64(true, &format!("{sum}jmp out\ndata: db 1,2,3,4\nend:\nout: {EXIT}"), "", 10);
    check64(true, &format!("{sum}{EXIT}section .rodata\ndata: db 1,2,3,4\nend:"), "", 10);
    check64(true, &format!("{sum}{EXIT}section .data\ndata: db 1,2,3,4\nend:"), "", 10);
}

#[test]
fn short_jumps_without_a_long_form_reach() {
    let body = "add edi,2\n".repeat(30);
    check64(true, &format!("_start: mov ecx,3\nnext: {body}loop next\n{EXIT}"), "", 180);
    check64(true, &format!("_start: mov ecx,1\ndec ecx\njrcxz zero\nmov edi,9\nzero: {body}{EXIT}"), "", 60);
    let long = "add edi,2\n".repeat(60);
    check64(
        true,
        &format!("_start: mov ecx,2\nnext: {long}dec ecx\njnz next\nshr edi,1\njmp out\n{long}out: {EXIT}"),
        "",
        120,
    );
    let calls = "call f\n".repeat(20);
    check64(true, &format!("_start: {calls}{EXIT}{long}f: inc edi\nret"), "", 20);
}

#[test]
fn flags_live_through_every_cut() {
    let tests =
        "cmp ebx,1\nmov cl,3\nmov ch,4\nmov dl,5\nmov dh,6\nmov sil,7\nmov bpl,8\nmov r8b,9\nadc edi,0\n"
            .repeat(5);
    check64(true, &format!("_start: {tests}{EXIT}"), "", 5);
}

#[test]
fn what_is_written_to_has_its_own_segment() {
    let data = format!("_start: inc byte [count]\nmov edi,[count]\n{EXIT}section .data\ncount: dd 41");
    check64(true, &data, "", 42);
    let relative =
        format!("default rel\n_start: inc byte [count]\nmov edi,[count]\n{EXIT}section .data\ncount: dd 41");
    check64(true, &relative, "", 42);
    let text = format!("_start: mov rsi,msg\nmov byte [rsi],'j'\nmov edx,6\n{WRITE}xor edi,edi\n{EXIT}");
    check64(true, &format!("{text}section .data\nmsg: db 'hello',10"), "jello\n", 0);
    check64(true, &format!("{text}section .bss\nmsg: resb 6"), "j\0\0\0\0\0", 0);
    let both = format!(
        "_start: mov ecx,[count]\nnext: mov byte [room+rcx],'x'\nloop next\nmov rsi,room\nmov edx,8\n{WRITE}mov edi,[last]\n{EXIT}section .data\ncount: dd 3\nsection .bss\nalignb 64\nroom: resb 100000\nlast: resd 1"
    );
    check64(true, &both, "\0xxx\0\0\0\0", 0);
    let pointer = format!(
        "_start: mov rax,[p]\nmov edi,[rax]\n{EXIT}section .data\np: dq value\nsection .rodata\nvalue: dd 17"
    );
    check64(true, &pointer, "", 17);
    let big = format!(
        "_start: mov edi,[end-4]\nadd edi,[room]\nmov [room],edi\nmov edi,[room]\n{EXIT}section .data\ntimes 5000 db 1\ndd 3\nend:\nsection .bss\nroom: resd 1"
    );
    check64(true, &big, "", 3);
    let exits = "mov eax,1\nint 0x80\n";
    check32(true, &format!("_start: inc byte [n]\nmov ebx,[n]\n{exits}section .data\nn: dd 8"), "", 9);
    check32(true, &format!("_start: inc byte [n]\nmov ebx,[n]\n{exits}section .bss\nn: resb 70000"), "", 1);
}

#[test]
fn addresses_of_which_32_bits_are_read_stay_whole() {
    // A file that `mov esi,msg` reaches and `lea rsi,[rel msg]` would, but not what the lines after it make of that.
    let uses = [
        "lea esi,[rsi]",
        "mov edi,esi\nmov rsi,rdi",
        "mov rdi,rsi\nmov esi,edi",
        "push rsi\nmov esi,[rsp]",
        "add esi,0",
        "mov [rsp-16],rsi\nmov edi,[rsp-16]\nmov rsi,rdi",
    ];
    for load in ["mov esi,msg", "mov rsi,msg", "lea rsi,[rel msg]"] {
        for used in uses {
            let text = format!(
                "_start: {load}\n{used}\nmov edx,3\n{WRITE}xor edi,edi\n{EXIT}section .rodata\nmsg: db 'abc'"
            );
            check64(true, &text, "abc", 0);
        }
    }
}

#[test]
fn larger_programs_and_odd_entries_run() {
    let long: String =
        (0..600).map(|n| format!("add edi,{}\njc out{}\nout{n}:\n", n % 3, (n + 40) % 600)).collect();
    check64(
        true,
        &format!("_start: {long}and edi,127\n{EXIT}"),
        "",
        (0..600).map(|n| n % 3).sum::<i32>() & 127,
    );
    check64(
        true,
        &format!(
            "other: mov edi,1\n{EXIT}_start: mov edi,2\njmp last\nsection .text2 exec\nlast: inc edi\n{EXIT}"
        ),
        "",
        3,
    );
    check64(true, &format!("db 'data first'\n_start: mov edi,4\n{EXIT}"), "", 4);
    check64(
        true,
        &format!("_start: mov edi,4\nalign 16\nnext: inc edi\ntest edi,15\njnz next\n{EXIT}"),
        "",
        16,
    );
    let exits = "mov eax,1\nint 0x80\n";
    check32(true, &format!("_start: mov ecx,9\nnext: add ebx,ecx\nloop next\n{exits}"), "", 45);
}

#[test]
fn a_large_program_stands_behind_shorter_headers() {
    let body = "mov ecx,3\nnext: times 450000 add edi,7\ndec ecx\njnz next\nand edi,63\n";
    let text = format!("global _start\n_start: {body}add edi,[x]\n{EXIT}section .data\nx: dd 5\n");
    let golf = Kind::Golf(GolfOptions::default());
    let ((golfed, left), (compact, _)) =
        (build(Machine::X86_64, &text, golf), build(Machine::X86_64, &text, Kind::Compact));
    assert!(!left && golfed.len() < compact.len() && golfed.len() > 1_350_000, "{}", golfed.len());
    #[cfg(target_os = "linux")]
    if host::runs_x86_64() {
        assert_eq!(run(&golfed).1, Some(3 * 450_000 * 7 % 64 + 5));
    }
}
