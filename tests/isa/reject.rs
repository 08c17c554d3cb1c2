//! What nasm refuses is refused, what it takes is taken with its bytes: lines of the tables, changed.

use tinyelf::isa::x86::{Bits, Optimize, Register, RegisterClass};

use crate::batch::{Outcome, extent, mode, nasm_at, outcomes, shown, tinyelf_at};
use crate::mistakes::mistake;
use crate::mutate::{Random, SIZES, mutated};
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

/// Instructions with forms that nasm lacks.
const WIDER: [&str; 18] = [
    "bswap",
    "lldt",
    "lmsw",
    "ltr",
    "pextrw",
    "pinsrb",
    "pinsrw",
    "pmovmskb",
    "pmuludq",
    "psubq",
    "vdpbf16ps",
    "verr",
    "verw",
    "vp2intersectd",
    "vpinsrb",
    "vpinsrw",
    "movsxd",
    "pmachriw",
];

/// Whether a size keyword stands before a vector, mask or MMX register.
fn sized_vector(operand: &str) -> bool {
    let words: Vec<&str> = operand.split([' ', '{']).collect();
    words.windows(2).any(|pair| {
        let vector = |register: Register| {
            use RegisterClass::{Mask, Mmx, Xmm, Ymm, Zmm};
            matches!(register.class(), Xmm | Ymm | Zmm | Mmx | Mask)
        };
        SIZES.contains(&pair[0]) && Register::from_name(pair[1].as_bytes()).is_some_and(vector)
    })
}

/// Why a line differs from nasm and is left so.
fn reason(bits: Bits, line: &str, ours: &Outcome) -> Option<&'static str> {
    let said = ours.as_ref().err().map_or("", String::as_str);
    if let Some(reason) = mistake(bits, line) {
        return Some(reason);
    }
    let high = || (8..32).any(|number| line.contains(&format!("mm{number}")));
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
    if line.split(',').any(sized_vector) {
        return Some("a size before a vector register, which nasm takes before some");
    }
    if line.matches("sae}").count() > 1 {
        return Some("nasm takes one rounding of two");
    }
    if line.starts_with("{vex") && line.contains(" vpdp") && ours.is_ok() {
        return Some("`{vex}` asks for AVX-VNNI, which nasm does not let be asked for");
    }
    if line.contains(" near dword ") && line.contains("o16 ") {
        return Some("`o16` and `dword` ask for different distances");
    }
    if line.starts_with("punpckl") && line.contains("dword [") {
        return Some("the half that is read has four bytes");
    }
    let name = line.split(' ').find(|word| tinyelf::isa::x86::mnemonic(word.as_bytes()).is_some());
    if ours.is_ok() && name.is_some_and(|name| WIDER.contains(&name)) {
        return Some("a size of register or memory that the manuals have and nasm has not");
    }
    if line.starts_with("enter word") {
        return Some("nasm takes no size of these numbers");
    }
    if line.contains("{1to") && ours.is_ok() {
        return Some("nasm does not know that it broadcasts");
    }
    if (line.starts_with("movzx ") || line.starts_with("movsx ")) && ours.is_ok() {
        return Some("the operand size prefix before a move of 16 bits, which only the processor takes");
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
    let (count, seed) = extent(4500, 1);
    let mut random = Random(seed);
    let (mut total, mut left, mut wrong) = (0, 0, Vec::new());
    for (bits, _) in DATA {
        let lines = lines(&mut random, bits, count);
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
