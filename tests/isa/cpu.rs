//! `cpu LEVEL` lets through and refuses what it does in nasm.

use std::collections::BTreeSet;

use tinyelf::isa::x86::{Bits, Optimize, Register};

use crate::batch::{mode, nasm_at, tinyelf_at};
use crate::oracle;

const LEVELS: [&str; 15] = [
    "8086",
    "186",
    "286",
    "386",
    "486",
    "586",
    "686",
    "p3",
    "p4",
    "prescott",
    "x64",
    "nehalem",
    "westmere",
    "sandybridge",
    "any",
];

/// What a line is about: its words with registers by class and numbers as one.
fn shape(line: &str) -> String {
    let mut out = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (name, rest) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        match Register::from_name(name.as_bytes()) {
            Some(register) => out.push_str(&format!("{:?}", register.class())),
            None if name.starts_with(|c: char| c.is_ascii_digit()) => {}
            None => out.push_str(name),
        }
        out.push_str(rest);
    }
    // Which registers make an address is nothing for a processor's level.
    match (out.find('['), out.rfind(']')) {
        (Some(open), Some(close)) => format!("{}[{}", &out[..open], &out[close..]),
        _ => out,
    }
}

fn lines(data: &'static str) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    let lines = data.lines().filter_map(|line| line.split_once('\t')).map(|(_, line)| line);
    // Of the many vector instructions, which the levels do not tell apart, one in eight.
    let some = |(at, line): &(usize, &str)| !line.starts_with('v') || at % 8 == 0;
    let lines = lines.filter(|line| seen.insert(shape(line)));
    lines.enumerate().filter(some).map(|(_, line)| line).collect()
}

/// The lines that are refused after `cpu LEVEL`.
fn refused(
    bits: Bits,
    level: &str,
    lines: &[&str],
    assemble: impl Fn(&str) -> crate::batch::Attempt,
) -> BTreeSet<usize> {
    let text = format!("{}cpu {level}\n{}\n", mode(bits), lines.join("\n"));
    let errors = assemble(&text).err().into_iter().flatten();
    errors.filter_map(|(line, _)| line.checked_sub(3)).collect()
}

/// nasm has a level for each size of register that is moved to a segment register, though one encoding serves all.
fn other_levels_in_nasm(line: &str) -> bool {
    ["mov es,esp", "mov es,cx", "mov es,r12w"].contains(&line)
}

fn check(bits: Bits, data: &'static str) {
    let Some(nasm) = oracle::find("nasm") else { return };
    let lines = lines(data);
    let mut wrong = Vec::new();
    for level in LEVELS {
        let theirs = refused(bits, level, &lines, |text| nasm_at(&nasm, Optimize::Full, text));
        let ours = refused(bits, level, &lines, |text| tinyelf_at(Optimize::Full, text));
        for at in theirs.symmetric_difference(&ours).filter(|at| !other_levels_in_nasm(lines[**at])) {
            let who = if theirs.contains(at) { "nasm" } else { "tinyelf" };
            wrong.push(format!("cpu {level}: {}: refused by {who} alone", lines[*at]));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len() * LEVELS.len(), wrong.join("\n"));
}

#[test]
fn each_level_takes_what_nasm_takes_in_64_bit_code() {
    check(Bits::B64, include_str!("../data/x86/nasm64.tsv"));
}

#[test]
fn each_level_takes_what_nasm_takes_in_32_bit_code() {
    check(Bits::B32, include_str!("../data/x86/nasm32.tsv"));
}

#[test]
fn each_level_takes_what_nasm_takes_in_16_bit_code() {
    check(Bits::B16, include_str!("../data/x86/nasm16.tsv"));
}

/// Short jumps and what stands in for near ones, and words that are no level.
#[test]
fn processors_without_near_conditional_jumps_jump_across() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let code = "a: jz a\njz b\njz $+4\njcxz a\ntimes 200 nop\nb: jz a\njnz b\njmp a\njmp b\njmp c\njz c\n";
    for (level, cpu) in [Optimize::None, Optimize::One, Optimize::Full]
        .into_iter()
        .flat_map(|level| ["8086", "286", "386", "any, 286", "286 NoEVEX"].map(|cpu| (level, cpu)))
    {
        for around in [format!("bits 16\ncpu {cpu}"), format!("bits 32\n[cpu {cpu}]")] {
            let text = format!("{around}\n{code}jc strict b\nc:\n");
            let ours = tinyelf_at(level, &text);
            assert_eq!(ours, nasm_at(&nasm, level, &text), "{level:?} {around}");
            assert!(ours.is_ok(), "{ours:?}");
        }
    }
    for refused in ["cpu foo", "cpu 386 foo", "cpu 80386", "cpu 286\nbits 32", "cpu 386\nbits 64"] {
        let text = format!("{refused}\nnop\n");
        let lines = |attempt: crate::batch::Attempt| attempt.unwrap_err().into_keys().collect::<Vec<_>>();
        assert_eq!(
            lines(tinyelf_at(Optimize::Full, &text)),
            lines(nasm_at(&nasm, Optimize::Full, &text)),
            "{refused}"
        );
    }
    for accepted in [
        "cpu 286\nbits 16\nnop",
        "cpu X64\nbits 64\nnop",
        "cpu noevex\nbits 64\n{evex} vaddps xmm0,xmm1,xmm2",
    ] {
        let text = format!("{accepted}\n");
        assert_eq!(tinyelf_at(Optimize::Full, &text), nasm_at(&nasm, Optimize::Full, &text), "{accepted}");
    }
}
