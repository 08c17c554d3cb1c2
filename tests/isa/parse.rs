//! A small reader of instruction lines for tests, so that selection is tested without the language's front end.

use tinyelf::isa::x86::{
    Assembled, Assembler, Bits, Distance, Instruction, Known, Memory, Operand, OperandKind, Options,
    Prefixes, Register, RegisterClass, Rounding, Size, mnemonic,
};
use tinyelf::source::Span;
use tinyelf::unit::{Field, FixupKind, Value};

fn size(word: &str) -> Option<Size> {
    Some(match word {
        "byte" => Size::Byte,
        "word" => Size::Word,
        "dword" => Size::Dword,
        "qword" => Size::Qword,
        "tword" => Size::Tword,
        "oword" => Size::Oword,
        "yword" => Size::Yword,
        "zword" => Size::Zword,
        _ => return None,
    })
}

fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some((left, right)) = text.split_once('*') {
        return Some(number(left)?.wrapping_mul(number(right)?));
    }
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok().map(|value| value as i64),
        None => text.parse().ok(),
    }
}

/// Signed terms of a sum.
fn terms(text: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let (mut start, mut negative) = (0, false);
    for (at, c) in text.char_indices() {
        if c == '+' || c == '-' {
            if !text[start..at].trim().is_empty() {
                out.push((negative, text[start..at].trim()));
                negative = false;
            }
            negative ^= c == '-';
            start = at + 1;
        }
    }
    out.push((negative, text[start..].trim()));
    out
}

fn known(text: &str) -> Option<Known> {
    let (mut sum, mut here) = (0i64, false);
    for (negative, term) in terms(text) {
        if term == "$" {
            here = true;
            continue;
        }
        let value = number(term)?;
        sum = sum.wrapping_add(if negative { value.wrapping_neg() } else { value });
    }
    Some(if here { Known::Address(Value::Const(sum)) } else { Known::Number(sum) })
}

fn memory(text: &str) -> Option<Memory> {
    let mut out = Memory {
        base: None,
        index: None,
        scale: 1,
        displacement: Known::Number(0),
        displacement_size: None,
        address_size: None,
        segment: None,
        relative: None,
        nosplit: false,
    };
    let mut text = text.trim();
    loop {
        let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let rest = text[word.len()..].trim_start();
        if let Some(segment) =
            Register::from_name(word.as_bytes()).filter(|one| one.class() == RegisterClass::Segment)
        {
            out.segment = Some(segment);
            text = rest.strip_prefix(':')?.trim();
            continue;
        }
        match word {
            "rel" => out.relative = Some(true),
            "abs" => out.relative = Some(false),
            "nosplit" => out.nosplit = true,
            "a16" => out.address_size = Some(Size::Word),
            "a32" => out.address_size = Some(Size::Dword),
            "a64" => out.address_size = Some(Size::Qword),
            _ => match size(word) {
                Some(size) => out.displacement_size = Some(size),
                None => break,
            },
        }
        text = rest;
    }
    let mut rest = String::new();
    for (negative, term) in terms(text) {
        let (name, scale) = match term.split_once('*') {
            Some((name, scale)) => (name.trim(), number(scale)),
            None => (term, Some(1)),
        };
        match (Register::from_name(name.as_bytes()), term.contains('*')) {
            (Some(register), true) if out.index.is_none() => {
                (out.index, out.scale) = (Some(register), scale? as u8)
            }
            (Some(register), true) => {
                (out.base, out.index, out.scale) = (out.index, Some(register), scale? as u8);
            }
            (Some(register), false) if out.base.is_none() => out.base = Some(register),
            (Some(register), false) => out.index = Some(register),
            (None, _) => rest.push_str(&format!("{}{term}", if negative { '-' } else { '+' })),
        }
    }
    if !rest.is_empty() {
        out.displacement = known(&rest)?;
    }
    Some(out)
}

fn operand(text: &str) -> Option<Operand> {
    let mut out = Operand {
        kind: OperandKind::Immediate(Known::Number(0)),
        size: None,
        distance: None,
        strict: false,
        to: false,
        mask: 0,
        zeroing: false,
        broadcast: 0,
        rounding: None,
        span: Span::NONE,
    };
    let mut text = text.trim().to_owned();
    while let Some(open) = text.find('{') {
        let close = text.find('}')?;
        match &text[open + 1..close] {
            "z" => out.zeroing = true,
            word if word.starts_with('k') => out.mask = word[1..].parse().ok()?,
            word => out.broadcast = word.strip_prefix("1to")?.parse().ok()?,
        }
        text.replace_range(open..=close, "");
    }
    let mut text = text.trim();
    while let Some((word, rest)) = text.split_once([' ', '[']) {
        match word {
            "strict" => out.strict = true,
            "to" => out.to = true,
            "short" => out.distance = Some(Distance::Short),
            "near" => out.distance = Some(Distance::Near),
            "far" => out.distance = Some(Distance::Far),
            _ => match size(word) {
                Some(size) => out.size = Some(size),
                None => break,
            },
        }
        text = if text[word.len()..].starts_with('[') { &text[word.len()..] } else { rest.trim_start() };
    }
    out.kind = if let Some(inside) = text.strip_prefix('[') {
        OperandKind::Memory(memory(inside.strip_suffix(']')?)?)
    } else if let Some(register) = Register::from_name(text.as_bytes()) {
        OperandKind::Register(register)
    } else if let Some((segment, offset)) = text.split_once(':') {
        OperandKind::Far { segment: known(segment)?, offset: known(offset)? }
    } else {
        OperandKind::Immediate(known(text)?)
    };
    Some(out)
}

fn prefix(word: &str, out: &mut Prefixes) -> bool {
    match word {
        "lock" => out.lock = true,
        "rep" | "repe" | "repz" => out.rep = true,
        "repne" | "repnz" => out.repne = true,
        "xacquire" => out.xacquire = true,
        "xrelease" => out.xrelease = true,
        "bnd" => out.bnd = true,
        "notrack" => out.notrack = true,
        "a16" => out.address_size = Some(Size::Word),
        "a32" => out.address_size = Some(Size::Dword),
        "a64" => out.address_size = Some(Size::Qword),
        "o16" => out.operand_size = Some(Size::Word),
        "o32" => out.operand_size = Some(Size::Dword),
        "o64" => out.operand_size = Some(Size::Qword),
        "{vex}" => out.encoding = 1,
        "{vex2}" => out.encoding = 2,
        "{vex3}" => out.encoding = 3,
        "{evex}" => out.encoding = 4,
        _ => {
            let Some(segment) =
                Register::from_name(word.as_bytes()).filter(|one| one.class() == RegisterClass::Segment)
            else {
                return false;
            };
            out.segment = Some(segment);
        }
    }
    true
}

/// Mnemonic, prefixes, operands; `None` for what this reader cannot read.
pub(crate) fn line(text: &str) -> Option<(u16, Prefixes, Vec<Operand>)> {
    let mut prefixes = Prefixes::default();
    let mut rest = text.trim();
    loop {
        let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        if !prefix(word, &mut prefixes) {
            let number = mnemonic(word.as_bytes())?;
            rest = tail.trim();
            let mut operands = Vec::new();
            for part in rest.split(',').filter(|part| !part.trim().is_empty()) {
                let rounding = match part.trim() {
                    "{rn-sae}" => Some(Rounding::Nearest),
                    "{rd-sae}" => Some(Rounding::Down),
                    "{ru-sae}" => Some(Rounding::Up),
                    "{rz-sae}" => Some(Rounding::Zero),
                    "{sae}" => Some(Rounding::SuppressOnly),
                    _ => None,
                };
                match (rounding, operands.last_mut()) {
                    (Some(_), Some(last)) => {
                        let last: &mut Operand = last;
                        last.rounding = rounding;
                    }
                    (Some(_), None) => return None,
                    (None, _) => operands.push(operand(part)?),
                }
            }
            return Some((number, prefixes, operands));
        }
        rest = tail.trim_start();
    }
}

fn fill(bytes: &mut [u8], field: Field, value: Value, base: usize) {
    let Value::Const(value) = value else { return };
    let at = usize::from(field.offset) + base;
    let value = match field.kind {
        FixupKind::Relative { end } => value - (at as i64 + i64::from(end)),
        _ => value,
    };
    let width = usize::from(field.width);
    bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
}

/// The bytes of a line at address 0.
pub(crate) fn bytes(assembler: &mut Assembler, bits: Bits, text: &str) -> Result<Vec<u8>, String> {
    let (mnemonic, prefixes, operands) = line(text).ok_or("not read")?;
    let instruction = Instruction { mnemonic, prefixes, operands: &operands, span: Span::NONE };
    let assembled = assembler
        .assemble(bits, &Options::default(), &instruction)
        .map_err(|rejection| rejection.diagnostic().message)?;
    match assembled {
        Assembled::Fixed { encoding, fields } => {
            let mut bytes = encoding.as_slice().to_vec();
            for (field, value) in fields.into_iter().flatten() {
                fill(&mut bytes, field, value, 0);
            }
            Ok(bytes)
        }
        Assembled::Branch(branch) => {
            let Value::Const(target) = branch.target else { return Err("a symbol".to_owned()) };
            let near = |opcode: &[u8], width: usize| {
                let end = opcode.len() + width;
                let distance = target - end as i64;
                let fits = width > 1 || i8::try_from(distance).is_ok();
                fits.then(|| [opcode, &distance.to_le_bytes()[..width]].concat())
            };
            let short = near(branch.short.as_slice(), 1);
            short
                .or_else(|| near(branch.near.as_slice(), branch.near_width.into()))
                .ok_or("out of reach".to_owned())
        }
        Assembled::Sized { .. } => Err("sized".to_owned()),
    }
}
