//! Golf: every figure by running the file, on programs built from bytes.

mod counting;
#[path = "../support/host.rs"]
mod host;
#[path = "../support/patience.rs"]
mod patience;

use tinyelf::elf::records::Machine;
use tinyelf::elf::write::write;
use tinyelf::layout::{GolfOptions, Promise, golf, lower_bound, relax};
use tinyelf::source::Diagnostics;
use tinyelf::unit::{Builder, Field, FixupKind, SectionFlags, SectionId, SectionKind, Unit, Value};

/// Instructions; those that end in four zero bytes given as `Some` load the address of the message.
fn build(machine: Machine, code: &[&[u8]], message: &[u8]) -> Unit {
    let mut builder = Builder::new(machine);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let start = builder.symbol("_start");
    builder.define(start, text).unwrap();
    let address = Field { offset: 1, width: 4, kind: FixupKind::Absolute };
    for bytes in code {
        let loads = bytes.len() == 5 && bytes.ends_with(&[0; 4]);
        let fields = if loads {
            vec![(address, Value::Symbol { symbol: builder.symbol("data"), addend: 0 })]
        } else {
            vec![]
        };
        builder.instruction(text, bytes, &fields).unwrap();
    }
    if !message.is_empty() {
        let data = builder.symbol("data");
        let rodata = builder.section(".rodata", SectionKind::Progbits, SectionFlags::RODATA);
        builder.define(data, rodata).unwrap();
        builder.data(rodata, message, &[]).unwrap();
    }
    builder.entry(start);
    builder.finish().unwrap()
}

#[cfg(target_os = "linux")]
fn run(bytes: &[u8]) -> (Vec<u8>, Option<i32>) {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("golf-{}-{number}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = std::process::Command::new(&path);
    let output =
        patience::spawn(command.stdout(std::process::Stdio::piped())).unwrap().wait_with_output().unwrap();
    std::fs::remove_file(&path).unwrap();
    (output.stdout, output.status.code())
}

fn check(unit: &Unit, promise: Promise, size: usize, output: &[u8], status: i32) {
    let mut diagnostics = Diagnostics::new();
    let sizes = relax(unit, &mut diagnostics).unwrap();
    let options = GolfOptions { promise, ..GolfOptions::default() };
    let golfed = golf(unit, &sizes, (SectionId(0), 0), options, &mut diagnostics)
        .expect("it can be golfed")
        .expect("no error");
    let bytes = write(&golfed.image);
    let bound = lower_bound(unit, &sizes, (SectionId(0), 0), promise).expect("it was golfed");
    assert!(bound <= bytes.len(), "{promise:?}: the bound is {bound}");
    assert!(diagnostics.is_empty());
    assert_eq!(bytes.len(), size, "{promise:?}: {bytes:02x?}");
    let runs = match unit.machine {
        Machine::I386 => host::runs_i386(),
        _ => host::runs_x86_64(),
    };
    #[cfg(target_os = "linux")]
    if runs {
        assert_eq!(run(&bytes), (output.to_vec(), Some(status)), "{promise:?}: {bytes:02x?}");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (runs, output, status);
}

const AL_60: &[u8] = &[0xb0, 60];
const SYSCALL: &[u8] = &[0x0f, 0x05];

#[test]
fn exit_is_as_small_as_the_headers_of_each_promise() {
    let exit = build(Machine::X86_64, &[AL_60, SYSCALL], b"");
    let exit_42 = build(Machine::X86_64, &[AL_60, &[0x40, 0xb7, 42], SYSCALL], b"");
    for (promise, size) in
        [(Promise::Tools, 120), (Promise::Readers, 104), (Promise::Linux, 80), (Promise::Nothing, 73)]
    {
        check(&exit, promise, size, b"", 0);
        check(&exit_42, promise, size, b"", 42);
    }
}

/// mov esi,message; mov al,1; mov edi,eax; mov dl,14; syscall; mov al,60; xor edi,edi; syscall
const HELLO: [&[u8]; 8] =
    [&[0xbe, 0, 0, 0, 0], &[0xb0, 1], &[0x89, 0xc7], &[0xb2, 14], SYSCALL, AL_60, &[0x31, 0xff], SYSCALL];

#[test]
fn hello_is_as_small_as_the_records() {
    let hello = build(Machine::X86_64, &HELLO, b"Hello, World!\n");
    for (promise, size) in
        [(Promise::Tools, 133), (Promise::Readers, 117), (Promise::Linux, 86), (Promise::Nothing, 86)]
    {
        check(&hello, promise, size, b"Hello, World!\n", 0);
    }
}

#[test]
fn thirty_two_bit_programs_overlap_too() {
    let int_80: &[u8] = &[0xcd, 0x80];
    // inc eax; mov bl,42; int 0x80
    let exit = build(Machine::I386, &[&[0x40], &[0xb3, 42], int_80], b"");
    check(&exit, Promise::Nothing, 45, b"", 42);
    // mov ecx,message; mov al,4; inc ebx; mov dl,14; int 0x80; xchg eax,esi; xchg eax,ebx; int 0x80
    let hello: [&[u8]; 8] =
        [&[0xb9, 0, 0, 0, 0], &[0xb0, 4], &[0x43], &[0xb2, 14], int_80, &[0x96], &[0x93], int_80];
    let hello = build(Machine::I386, &hello, b"Hello, World!\n");
    check(&hello, Promise::Nothing, 64, b"Hello, World!\n", 0);
}
