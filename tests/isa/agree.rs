//! Random lines for every form that is known, assembled by nasm and here: the bytes are the same.

use std::collections::BTreeSet;

use tinyelf::isa::x86::{Bits, FormDescription, Optimize, describe, mnemonics};

use crate::batch::{extent, nasm_at, outcomes, shown, tinyelf};
use crate::mistakes::mistake;
use crate::oracle;
use crate::random::Random;

fn forms(bits: Bits) -> Vec<FormDescription> {
    let mode = bits as usize;
    let all = mnemonics().iter().flat_map(|name| describe(name).unwrap_or_default());
    // nasm 2.16.01 stops with an assertion of its own when it meets memory in `vreducesh`, so it is not asked.
    all.filter(|form| form.modes[mode] && !form.text.starts_with("vreducesh")).collect()
}

/// Different lines, round after round over all forms.
fn lines(bits: Bits) -> Vec<String> {
    let (count, seed) = extent(50_000, 0x7469_6e79);
    let forms = forms(bits);
    let mut random = Random::new(bits, seed << 8 | bits as u64);
    let (mut lines, mut seen) = (Vec::new(), BTreeSet::new());
    while lines.len() < count {
        for form in &forms {
            let line = random.line(form);
            if seen.insert(line.clone()) {
                lines.push(line);
            }
        }
    }
    lines
}

fn check(bits: Bits) {
    let Some(program) = oracle::find("nasm") else { return };
    let lines = lines(bits);
    let theirs = outcomes(bits, &lines, |text| nasm_at(&program, Optimize::Full, text));
    let ours = outcomes(bits, &lines, tinyelf);
    let mut wrong = Vec::new();
    for ((line, theirs), ours) in lines.iter().zip(&theirs).zip(&ours) {
        let Ok(theirs) = theirs else { continue };
        // nasm does not know how long an instruction may be.
        if theirs.len() > 15 && ours.is_err() {
            continue;
        }
        if ours.as_ref() != Ok(theirs) && mistake(bits, line).is_none() {
            let ours = shown(ours);
            wrong.push(format!("{line}\n    nasm  {}\n    ours  {ours}", shown(&Ok(theirs.clone()))));
        }
    }
    assert!(wrong.is_empty(), "{} of {} lines differ:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
fn random_lines_in_64_bit_mode() {
    check(Bits::B64);
}

#[test]
fn random_lines_in_32_bit_mode() {
    check(Bits::B32);
}

#[test]
fn random_lines_in_16_bit_mode() {
    check(Bits::B16);
}
