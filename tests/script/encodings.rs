//! Every encoding that scripts emit, compared with GNU as (aarch64, riscv64) and nasm (x86): the edges of each
//! operand's range, and random operands between them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tinyelf::isa::x86::direct::{self, Argument};
use tinyelf::isa::{aarch64, riscv64};

use crate::oracle;
use crate::random::Random;

/// Random operands for each form, edges among them: all of them in `.ci/run`, a second's worth elsewhere.
fn count() -> usize {
    if std::env::var_os("TINYELF_REQUIRE_ORACLES").is_some() { 10_000 } else { 400 }
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("encodings");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn succeeds(program: &Path, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<_> = said.lines().take(5).collect();
    assert!(output.status.success(), "{}: {said:#?}", program.display());
}

/// The bytes that GNU as makes of a text.
fn assemble(prefix: &str, name: &str, text: &str, options: &[&str]) -> Option<Vec<u8>> {
    let as_ = oracle::find(&format!("{prefix}-as"))?;
    let objcopy = oracle::find(&format!("{prefix}-objcopy"))?;
    let source = folder().join(format!("{name}.s"));
    let (object, binary) = (source.with_extension("o"), source.with_extension("bin"));
    fs::write(&source, text).unwrap();
    let path = |file: &Path| file.to_str().unwrap().to_owned();
    let mut arguments = options.to_vec();
    let (source, object, binary) = (path(&source), path(&object), path(&binary));
    arguments.extend(["-o", &object, &source]);
    succeeds(&as_, &arguments);
    succeeds(&objcopy, &["-O", "binary", "-j", ".text", &object, &binary]);
    Some(fs::read(binary).unwrap())
}

/// Compares instruction by instruction, so that the first difference is shown with its text.
fn compare(ours: &[(String, Vec<u8>)], theirs: &[u8]) {
    let mut rest = theirs;
    for (text, bytes) in ours {
        let found = &rest[..bytes.len().min(rest.len())];
        assert_eq!(
            &bytes[..],
            found,
            "{text}: ours {bytes:02x?}, the assembler's {:02x?}",
            &rest[..rest.len().min(12)]
        );
        rest = &rest[bytes.len()..];
    }
    assert!(rest.is_empty(), "the assembler made {} bytes more", rest.len());
}

#[test]
fn aarch64_instructions_are_those_of_gnu_as() {
    use aarch64::{Cond, Instruction as I, Memory, Op3, Register, Shift, Wide};
    let mut random = Random::new(6);
    let mut all: Vec<I> = Vec::new();
    let mut each = |count: usize, make: &mut dyn FnMut(&mut Random) -> I| {
        for _ in 0..count {
            all.push(make(&mut random));
        }
    };
    // Register 31 is xzr or sp by place; both texts are compared, but for the places where only one is meant.
    let reg = |random: &mut Random| Register(random.below(32) as u8);
    let low = |random: &mut Random| Register(random.below(31) as u8);
    for op in [Wide::N, Wide::Z, Wide::K] {
        each(count(), &mut |r| I::MovWide {
            op,
            rd: reg(r),
            imm16: r.edgy(16) as u16,
            shift: 16 * r.below(4) as u8,
        });
    }
    for (sub, set_flags) in [(false, false), (true, false), (false, true), (true, true)] {
        each(count(), &mut |r| I::AddImm {
            sub,
            set_flags,
            rd: reg(r),
            rn: reg(r),
            imm12: r.edgy(12) as u16 & 0xfff,
            shifted: r.below(2) == 1,
        });
    }
    for op in [
        Op3::Add,
        Op3::Sub,
        Op3::And,
        Op3::Orr,
        Op3::Eor,
        Op3::Subs,
        Op3::Mul,
        Op3::Sdiv,
        Op3::Lslv,
        Op3::Lsrv,
        Op3::Asrv,
    ] {
        each(count(), &mut |r| I::Op3 { op, rd: reg(r), rn: reg(r), rm: reg(r) });
    }
    each(count(), &mut |r| I::Msub { rd: reg(r), rn: reg(r), rm: reg(r), ra: reg(r) });
    for op in [Op3::And, Op3::Orr, Op3::Eor] {
        each(count(), &mut |r| {
            let size = 2_u32 << r.below(6);
            let ones = 1 + r.below(u64::from(size) - 1) as u32;
            let run = (u64::MAX >> (64 - ones)).rotate_left(0);
            let turn = r.below(u64::from(size)) as u32;
            let mask = u64::MAX >> (64 - size);
            let element = (run << turn | run >> ((size - turn) % size).min(63)) & mask;
            let element = if turn == 0 { run } else { element };
            let imm = (0..64 / size).fold(0, |imm, at| imm | element << (at * size));
            I::LogicImm { op, rd: low(r), rn: low(r), imm }
        });
    }
    for op in [Shift::Lsl, Shift::Lsr, Shift::Asr] {
        each(count(), &mut |r| I::ShiftImm { op, rd: reg(r), rn: reg(r), count: r.below(64) as u8 });
    }
    let conditions =
        [Cond::Eq, Cond::Ne, Cond::Hs, Cond::Lo, Cond::Hi, Cond::Ls, Cond::Ge, Cond::Lt, Cond::Gt, Cond::Le];
    for cond in conditions {
        each(100, &mut |r| I::Cset { rd: reg(r), cond });
        each(count() / 10, &mut |r| I::BCond { cond, offset: r.signed(19) as i32 * 4 });
    }
    for op in [
        Memory::Ldrb,
        Memory::Ldrh,
        Memory::LdrW,
        Memory::LdrX,
        Memory::Ldrsb,
        Memory::Ldrsh,
        Memory::Ldrsw,
        Memory::Strb,
        Memory::Strh,
        Memory::StrW,
        Memory::StrX,
    ] {
        each(count(), &mut |r| loop {
            let offset = r.signed(16);
            if op.takes(offset) {
                break I::Memory { op, rt: reg(r), rn: reg(r), offset: offset as i16 };
            }
        });
    }
    each(count(), &mut |r| I::B { offset: r.signed(26) as i32 * 4 });
    for nonzero in [false, true] {
        each(count(), &mut |r| I::Cb { nonzero, rt: reg(r), offset: r.signed(19) as i32 * 4 });
    }
    each(count(), &mut |r| I::Adr { rd: reg(r), offset: r.signed(21) as i32 });
    each(100, &mut |r| I::Svc { imm16: r.edgy(16) as u16 });
    let ours: Vec<_> = all.iter().map(|one| (one.text(None), one.encode().to_le_bytes().to_vec())).collect();
    let text = ours.iter().fold(String::new(), |text, (line, _)| text + line + "\n");
    if let Some(theirs) = assemble("aarch64-linux-gnu", "aarch64", &text, &[]) {
        compare(&ours, &theirs);
    }
}

#[test]
fn riscv64_instructions_are_those_of_gnu_as_short_forms_included() {
    use riscv64::{Cond, ImmOp, Instruction as I, Memory, RegOp, Register};
    let mut random = Random::new(7);
    let mut all: Vec<I> = Vec::new();
    let mut each = |make: &mut dyn FnMut(&mut Random) -> I| {
        for _ in 0..count() {
            all.push(make(&mut random));
        }
    };
    // Often one of few registers, so that forms for equal and for low registers are met.
    let reg = |random: &mut Random| {
        let few = [0, 1, 2, 8, 9, 10, 15, 16];
        Register(if random.below(2) == 0 { few[random.below(8) as usize] } else { random.below(32) as u8 })
    };
    // `mv`, `nop` and `li` with the register zero are hints, which GNU as leaves long and scripts never need.
    let target = |random: &mut Random| Register(1 + random.below(31) as u8);
    for op in [
        RegOp::Add,
        RegOp::Sub,
        RegOp::Sll,
        RegOp::Slt,
        RegOp::Sltu,
        RegOp::Xor,
        RegOp::Srl,
        RegOp::Sra,
        RegOp::Or,
        RegOp::And,
        RegOp::Mul,
        RegOp::Div,
        RegOp::Rem,
    ] {
        each(&mut |r| {
            let rd = target(r);
            let rs1 = if r.below(2) == 0 { rd } else { reg(r) };
            I::Reg { op, rd, rs1, rs2: if r.below(4) == 0 { rd } else { reg(r) } }
        });
    }
    for op in [ImmOp::Addi, ImmOp::Addiw, ImmOp::Slti, ImmOp::Sltiu, ImmOp::Xori, ImmOp::Ori, ImmOp::Andi] {
        each(&mut |r| {
            let rd = target(r);
            I::Imm { op, rd, rs1: if r.below(2) == 0 { rd } else { reg(r) }, imm: r.signed(12) as i16 }
        });
    }
    for op in [ImmOp::Slli, ImmOp::Srli, ImmOp::Srai] {
        each(&mut |r| {
            let rd = target(r);
            I::Imm { op, rd, rs1: if r.below(2) == 0 { rd } else { reg(r) }, imm: 1 + r.below(63) as i16 }
        });
    }
    for op in [
        Memory::Lb,
        Memory::Lbu,
        Memory::Lh,
        Memory::Lhu,
        Memory::Lw,
        Memory::Lwu,
        Memory::Ld,
        Memory::Sb,
        Memory::Sh,
        Memory::Sw,
        Memory::Sd,
    ] {
        each(&mut |r| I::Memory { op, reg: target(r), rs1: reg(r), imm: r.signed(12) as i16 });
    }
    each(&mut |r| I::Lui { rd: target(r), imm: r.signed(20) as i32 });
    each(&mut |r| I::Auipc { rd: target(r), imm: r.signed(20) as i32 });
    for cond in [Cond::Beq, Cond::Bne, Cond::Blt, Cond::Bge, Cond::Bltu, Cond::Bgeu] {
        each(&mut |r| I::Branch {
            cond,
            rs1: reg(r),
            rs2: if r.below(2) == 0 { riscv64::ZERO } else { target(r) },
            offset: r.signed(12) as i32 * 2,
        });
    }
    each(&mut |r| I::Jal {
        rd: if r.below(2) == 0 { riscv64::ZERO } else { target(r) },
        offset: r.signed(20) as i32 * 2,
    });
    all.push(I::Ecall);
    let mut ours = Vec::new();
    let mut text = String::from(".option norelax\n");
    for one in &all {
        let mut bytes = Vec::new();
        one.encode().write(&mut bytes);
        // GNU as leaves `jal` to a number of bytes long; the short form is asked for by its own name.
        let line = match one {
            I::Jal { offset, .. } if bytes.len() == 2 => format!("c.j .{offset:+}"),
            _ => one.text(None),
        };
        writeln!(text, "{line}").unwrap();
        ours.push((line, bytes));
    }
    let options = ["-march=rv64gc", "-mno-relax"];
    if let Some(theirs) = assemble("riscv64-linux-gnu", "riscv64", &text, &options) {
        compare(&ours, &theirs);
    }
}

#[test]
fn x86_instructions_are_those_of_nasm() {
    for wide in [true, false] {
        let mut random = Random::new(8);
        let registers = if wide { 16 } else { 8 };
        let word = if wide { 8 } else { 4 };
        let sizes: &[u8] = if wide { &[4, 8] } else { &[4] };
        let reg = |r: &mut Random, size: u8| {
            Argument::Reg(r.below(if size == 1 && !wide { 4 } else { registers }) as u8, size)
        };
        let memory = |r: &mut Random, size: u8| {
            if r.below(4) == 0 {
                return Argument::Datum(size);
            }
            let disp = if r.below(2) == 0 { r.signed(8) } else { r.signed(31) };
            Argument::Base(r.below(registers) as u8, size, disp as i32)
        };
        let imm32 = |r: &mut Random| Argument::Imm(if r.below(2) == 0 { r.signed(8) } else { r.signed(32) });
        let mut all: Vec<(&str, Vec<Argument>)> = vec![("cdq", vec![])];
        all.extend(if wide {
            vec![("syscall", vec![]), ("cqo", vec![])]
        } else {
            vec![("int", vec![Argument::Imm(0x80)])]
        });
        let rounds = count() / 10;
        for _ in 0..rounds {
            let r = &mut random;
            for &size in sizes {
                for name in ["add", "or", "and", "sub", "xor", "cmp"] {
                    all.push((name, vec![reg(r, size), reg(r, size)]));
                    all.push((name, vec![reg(r, size), imm32(r)]));
                }
                all.push(("mov", vec![reg(r, size), reg(r, size)]));
                all.push(("mov", vec![reg(r, size), memory(r, size)]));
                all.push(("mov", vec![memory(r, size), reg(r, size)]));
                all.push(("mov", vec![memory(r, size), imm32(r)]));
                all.push((
                    "lea",
                    vec![
                        reg(r, size),
                        match memory(r, 0) {
                            Argument::Datum(_) => Argument::Base(4, 0, 8),
                            other => other,
                        },
                    ],
                ));
                all.push(("test", vec![reg(r, size), reg(r, size)]));
                for name in ["inc", "dec", "not", "neg", "idiv"] {
                    all.push((name, vec![reg(r, size)]));
                }
                all.push(("imul", vec![reg(r, size), reg(r, size)]));
                all.push(("imul", vec![reg(r, size), reg(r, size), imm32(r)]));
                for name in ["shl", "shr", "sar"] {
                    all.push((
                        name,
                        vec![reg(r, size), Argument::Imm(r.below(if size == 8 { 64 } else { 32 }) as i64)],
                    ));
                    all.push((name, vec![reg(r, size), Argument::Reg(1, 1)]));
                }
                for name in ["movzx", "movsx"] {
                    let from = 1 + r.below(2) as u8;
                    all.push((name, vec![reg(r, size), memory(r, from)]));
                }
            }
            all.push(("movzx", vec![reg(r, 4), reg(r, 1)]));
            all.push(("mov", vec![reg(r, 4), Argument::Address]));
            all.push(("mov", vec![reg(r, 4), Argument::Imm(r.edgy(32) as i64)]));
            all.push(("mov", vec![reg(r, 1), Argument::Imm(r.edgy(8) as i64 & 0xff)]));
            if wide {
                all.push(("mov", vec![reg(r, 8), Argument::Imm(-1 - (r.edgy(31) as i64))]));
                all.push(("mov", vec![reg(r, 8), Argument::Imm(-(r.edgy(62) as i64 | 1 << 33))]));
                all.push(("movsxd", vec![reg(r, 8), memory(r, 4)]));
            }
            for size in [1, 2] {
                all.push(("mov", vec![memory(r, size), reg(r, size)]));
                all.push(("mov", vec![memory(r, size), Argument::Imm(r.edgy(u32::from(size) * 8) as i64)]));
            }
            all.push(("push", vec![imm32(r)]));
            all.push(("push", vec![reg(r, word)]));
            all.push(("pop", vec![reg(r, word)]));
            for name in ["sete", "setne", "setl", "setle", "setg", "setge", "setb", "setbe", "seta", "setae"]
            {
                all.push((name, vec![reg(r, 1)]));
            }
        }
        check_x86(wide, &all);
    }
}

fn check_x86(wide: bool, all: &[(&str, Vec<Argument>)]) {
    let Some(nasm) = oracle::find("nasm") else { return };
    // A datum lies at an address that needs all 32 bits, so that nasm cannot shorten the field.
    let datum = 0x1234_5678_i64;
    let data = format!("section .data align=1 vstart={datum}\ndatum:\nsection .text\n");
    let mut text = format!("bits {}\norg 0\n{data}", if wide { 64 } else { 32 });
    let mut ours = Vec::new();
    let mut place = 0_i64;
    for (name, arguments) in all {
        let line = direct::text(wide, name, arguments, "datum");
        writeln!(text, "{line}").unwrap();
        let encoded = direct::encode(wide, name, arguments).unwrap_or_else(|| panic!("{line}"));
        let mut bytes = encoded.bytes;
        place += bytes.len() as i64;
        if let Some(field) = encoded.place {
            let at = usize::from(field.offset);
            let value = if field.relative { datum - place } else { datum };
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes()[..4]);
        }
        ours.push((line, bytes));
    }
    let source = folder().join(format!("x86-{wide}.asm"));
    let binary = source.with_extension("bin");
    fs::write(&source, text).unwrap();
    succeeds(&nasm, &["-f", "bin", "-w-all", "-o", binary.to_str().unwrap(), source.to_str().unwrap()]);
    compare(&ours, &fs::read(binary).unwrap());
}
