//! `-O0`, `-O1`, `-Ox` change the same sizes as in nasm.

use tinyelf::isa::x86::{Bits, Optimize};

use crate::batch::{mode, nasm_at, outcomes_between, shown, tinyelf_at};
use crate::oracle;

const LEVELS: [Optimize; 3] = [Optimize::None, Optimize::One, Optimize::Full];

/// nasm gives a pushed number the mode's size whatever `o16` and `o32` say, which the processor reads otherwise.
fn wrong_in_nasm(line: &str) -> bool {
    line.starts_with("o16 push ") || line.starts_with("o32 push ")
}

fn compare(around: [&str; 2], lines: &[&str]) {
    let Some(nasm) = oracle::find("nasm") else { return };
    for level in LEVELS {
        // What nasm refuses is not a matter of levels, and would move the addresses of the rest.
        let theirs = outcomes_between(around, lines, |text| nasm_at(&nasm, level, text));
        let accepted = lines.iter().copied().zip(&theirs).filter(|(_, theirs)| theirs.is_ok());
        let (lines, theirs): (Vec<&str>, Vec<_>) = accepted.unzip();
        let ours = outcomes_between(around, &lines, |text| tinyelf_at(level, text));
        let mut wrong = Vec::new();
        for ((line, theirs), ours) in lines.iter().zip(theirs).zip(&ours) {
            if theirs != ours && !wrong_in_nasm(line) {
                wrong.push(format!("{line}\n    nasm  {}\n    ours  {}", shown(theirs), shown(ours)));
            }
        }
        let (count, all) = (wrong.len(), lines.len());
        assert!(wrong.is_empty(), "{level:?}: {count} of {all} lines differ:\n{}", wrong.join("\n"));
    }
}

/// The lines of a table whose encoding can depend on the level: those with a number or a segment register.
fn lines_of(data: &'static str) -> Vec<&'static str> {
    let open = |line: &&str| {
        let operands = line.split_once(' ').map_or("", |(_, operands)| operands);
        let last = operands.rsplit([',', ' ']).next().unwrap_or("");
        last.starts_with(|first: char| first.is_ascii_digit() || first == '$' || first == '-')
            || operands.split([',', ' ']).any(|word| matches!(word, "ds" | "es" | "ss" | "fs" | "gs" | "cs"))
            || !operands.contains(',')
    };
    data.lines().filter_map(|line| line.split_once('\t')).map(|(_, line)| line).filter(open).collect()
}

#[test]
fn lines_of_the_tables_have_nasms_sizes_at_every_level() {
    let mut wide = lines_of(include_str!("../data/x86/nasm64.tsv"));
    wide.extend(lines_of(include_str!("../data/x86/idioms64.tsv")));
    compare([&mode(Bits::B64), ""], &wide);
    compare([&mode(Bits::B32), ""], &lines_of(include_str!("../data/x86/nasm32.tsv")));
    compare([&mode(Bits::B16), ""], &lines_of(include_str!("../data/x86/nasm16.tsv")));
}

/// Numbers and keywords in every place where they choose a size.
fn immediates() -> Vec<String> {
    let numbers =
        ["1", "-128", "128", "0xff80", "0xffffffff", "small", "large", "back-start", "start", "ahead"];
    let numbers = numbers.into_iter().chain(["1<<33"]);
    let words = ["", "byte ", "word ", "dword ", "qword ", "strict ", "strict byte ", "strict word "];
    let words = words.into_iter().chain(["strict dword ", "strict qword "]).collect::<Vec<_>>();
    let heads = [
        "add al,",
        "add ax,",
        "add eax,",
        "add rax,",
        "or cx,",
        "or ecx,",
        "or r9,",
        "cmp word [0],",
        "cmp qword [0],",
        "cmp [0],",
        "mov al,",
        "mov ax,",
        "mov ebx,",
        "mov rbx,",
        "mov dword [0],",
        "mov qword [0],",
        "push ",
        "imul eax,",
        "imul rax,",
        "imul cx,ax,",
        "imul ecx,[0],",
        "imul rdx,rcx,",
        "shl eax,",
        "test eax,",
        "enter 5,",
        "ret ",
        "in al,",
        "bt eax,",
        "pshufd xmm0,xmm1,",
        "mov eax,[rbx+",
        "mov eax,[ebx+",
        "mov ax,[bx+",
        "mov eax,[",
    ];
    let mut lines = Vec::new();
    for number in numbers {
        for head in heads {
            for word in &words {
                if head.contains('[') && head.ends_with(['+', '[']) {
                    if word.is_empty() {
                        lines.push(format!("{head}{number}]"));
                    }
                    continue;
                }
                lines.push(format!("{head}{word}{number}"));
            }
        }
    }
    lines
}

#[test]
fn numbers_and_keywords_choose_nasms_sizes_at_every_level() {
    let lines = immediates();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for bits in [Bits::B64, Bits::B32, Bits::B16] {
        let before = mode(bits) + "start:\nnop\nback:\n";
        compare([&before, "ahead:\nsmall equ 5\nlarge equ 500\n"], &lines);
    }
}

/// Jumps over a few bytes and over many, to labels behind and ahead.
fn jumps(bits: u8, mut seed: u64) -> String {
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut text = format!("bits {bits}\n");
    const LABELS: u64 = 300;
    for label in 0..LABELS {
        text.push_str(&format!("l{label}:\n"));
        for _ in 0..random(4) {
            let near = (label + random(24)).saturating_sub(12).min(LABELS - 1);
            let head =
                ["jmp", "jz", "jnle", "call", "jmp near", "jc near", "jmp strict", "push", "mov ax,[bx+"];
            match random(12) {
                at @ 0..=7 => text.push_str(&format!("{} l{near}\n", head[at as usize])),
                8 if bits != 64 => text.push_str(&format!("mov ax,[bx+l{near}-l{label}]\n")),
                9 => text.push_str(&format!("add ecx,l{near}-l{label}\n")),
                _ => text.push_str("jmp $+2\njz $$\nmov eax,5\n"),
            }
        }
        text.push_str(&format!("times {} nop\n", random(14)));
    }
    text
}

#[test]
fn programs_of_jumps_have_nasms_sizes_at_every_level() {
    let Some(nasm) = oracle::find("nasm") else { return };
    for (bits, level, seed) in [64, 32, 16].into_iter().flat_map(|bits| {
        LEVELS.into_iter().flat_map(move |level| (0..3).map(move |seed| (bits, level, seed)))
    }) {
        let text = jumps(bits, seed);
        let (theirs, ours) = (nasm_at(&nasm, level, &text), tinyelf_at(level, &text));
        assert_eq!(ours, theirs, "{bits}-bit {level:?} {seed}");
    }
}
