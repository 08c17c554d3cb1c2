//! What nasm refuses is refused, what it takes is taken with its bytes: lines of the tables, changed.

use tinyelf::isa::x86::{Bits, Optimize};

use crate::batch::{Outcome, mode, nasm_at, outcomes, shown, tinyelf_at};
use crate::mutate::{Random, mutated};
use crate::oracle;

const DATA: [(Bits, &str); 3] = [
    (Bits::B64, include_str!("../data/x86/nasm64.tsv")),
    (Bits::B32, include_str!("../data/x86/nasm32.tsv")),
    (Bits::B16, include_str!("../data/x86/nasm16.tsv")),
];

fn lines(random: &mut Random, bits: Bits, count: usize) -> Vec<String> {
    let own: Vec<&str> = DATA.iter().filter(|one| one.0 == bits).flat_map(|one| one.1.lines()).collect();
    let all: Vec<&str> = DATA.iter().flat_map(|one| one.1.lines()).collect();
    let mut lines = Vec::new();
    while lines.len() < count {
        let from = if random.below(10) == 0 { &all } else { &own };
        let Some((_, line)) = random.pick(from).split_once('\t') else { continue };
        lines.push(mutated(random, line));
    }
    lines
}

/// Mnemonics that nasm does not know, and lines that it does not survive.
fn not_a_question(message: &str) -> bool {
    message.contains("instruction expected") || message.contains("regval()")
}

/// Why a line differs from nasm and is left so.
fn reason(bits: Bits, line: &str, ours: &Outcome) -> Option<&'static str> {
    let said = ours.as_ref().err().map_or("", String::as_str);
    let high = || (16..32).any(|number| line.contains(&format!("mm{number}")));
    if line.starts_with(['o']) && line[1..].starts_with(|digit: char| digit.is_ascii_digit()) {
        return Some("in nasm a size prefix takes the place of the one that the operands need");
    }
    if bits != Bits::B64 && high() && said.contains("64-bit mode only") {
        return Some("nasm cuts the number of a register that this mode does not have");
    }
    if (line.contains("gather") || line.contains("scatter")) && said.contains("mask") {
        return Some("without a mask it is an invalid opcode");
    }
    if said.contains("does not fit") || said.contains("out of range") {
        return Some("nasm cuts the distance");
    }
    if line.contains("sae}") && said.contains("expected an expression") {
        return Some("nasm passes over a size before a rounding");
    }
    if line.matches("{1to").count() > 1 {
        return Some("nasm takes one broadcast of two");
    }
    if line.starts_with("umov") {
        return Some("nasm passes over sizes before the registers of `umov`");
    }
    let sized = ["oword xmm", "zword zmm", "yword ymm", "qword mm"].iter().any(|sized| line.contains(sized));
    if sized && ours.is_ok() {
        return Some("a vector's own size before it, which nasm takes before some");
    }
    if ours.is_ok() && ["lds ", "les ", "lfs ", "lgs ", "lss "].iter().any(|name| line.starts_with(name)) {
        return Some("nasm takes no size of a far pointer");
    }
    if line.contains("}{") && said.contains("mask") {
        return Some("nasm takes `{z}` for memory of some instructions, which the processor refuses");
    }
    if line.starts_with("pdistib") {
        return Some("the operand of this instruction of Cyrix is of eight bytes");
    }
    line.contains("jmpe").then_some("nasm passes over sizes of addresses before `jmpe`")
}

fn difference(bits: Bits, line: &str, theirs: &Outcome, ours: &Outcome) -> String {
    format!("{}{line}\n    nasm  {}\n    ours  {}", mode(bits), shown(theirs), shown(ours))
}

#[test]
fn changed_lines_are_taken_and_refused_as_by_nasm() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let mut random = Random(1);
    let (mut total, mut left, mut wrong) = (0, 0, Vec::new());
    for (bits, _) in DATA {
        let lines = lines(&mut random, bits, 4500);
        let theirs = outcomes(bits, &lines, |text| nasm_at(&nasm, Optimize::Full, text));
        let ours = outcomes(bits, &lines, |text| tinyelf_at(Optimize::Full, text));
        // Bytes can depend on the place: they are compared among those lines alone that both take.
        let mut both = Vec::new();
        for ((line, theirs), ours) in lines.iter().zip(&theirs).zip(&ours) {
            if theirs.as_ref().is_err_and(|message| not_a_question(message)) {
                continue;
            }
            total += 1;
            match (theirs, ours) {
                (Ok(_), Ok(_)) => both.push(line),
                (Err(_), Err(_)) => {}
                _ if reason(bits, line, ours).is_some() => left += 1,
                _ => wrong.push(difference(bits, line, theirs, ours)),
            }
        }
        let certain = wrong.len();
        // A line of another length moves those behind it, so it is taken out before the second turn.
        for _ in 0..2 {
            let theirs = outcomes(bits, &both, |text| nasm_at(&nasm, Optimize::Full, text));
            let ours = outcomes(bits, &both, |text| tinyelf_at(Optimize::Full, text));
            let all = both.len();
            let mut kept = Vec::new();
            wrong.truncate(certain);
            for ((line, theirs), ours) in both.iter().zip(&theirs).zip(&ours) {
                match reason(bits, line, ours) {
                    _ if theirs == ours => kept.push(*line),
                    Some(_) => {}
                    None => {
                        kept.push(*line);
                        wrong.push(difference(bits, line, theirs, ours));
                    }
                }
            }
            left += all - kept.len();
            both = kept;
        }
    }
    assert!(wrong.is_empty(), "{} of {total} lines differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        total > 10_000 && left * 200 <= total,
        "{left} of {total} lines differ for reasons that are known"
    );
}
