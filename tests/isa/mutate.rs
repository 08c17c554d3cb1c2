//! Lines that nasm took, changed a little: mostly wrong then, sometimes not.

/// A fixed sequence of numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const OPERANDS: [&str; 48] = [
    "al",
    "cl",
    "ah",
    "sil",
    "r9b",
    "ax",
    "dx",
    "r10w",
    "eax",
    "ecx",
    "r11d",
    "rax",
    "rbp",
    "r12",
    "es",
    "fs",
    "cs",
    "st0",
    "st3",
    "mm0",
    "mm5",
    "xmm0",
    "xmm7",
    "xmm12",
    "xmm20",
    "ymm1",
    "ymm15",
    "ymm31",
    "zmm2",
    "zmm17",
    "k0",
    "k3",
    "bnd1",
    "cr0",
    "cr3",
    "dr7",
    "tmm1",
    "1",
    "5",
    "-1",
    "200",
    "0x12345",
    "0x123456789a",
    "[bx]",
    "[ecx+4]",
    "[rdx+rsi*8]",
    "0x10:0x20",
    "$+4",
];
pub(crate) const SIZES: [&str; 8] = ["byte", "word", "dword", "qword", "tword", "oword", "yword", "zword"];
const DECORATORS: [&str; 9] =
    ["{k1}", "{k2}{z}", "{z}", "{1to2}", "{1to4}", "{1to8}", "{1to16}", "{k7}", "{1to32}"];
const ROUNDINGS: [&str; 5] = ["{rn-sae}", "{rd-sae}", "{ru-sae}", "{rz-sae}", "{sae}"];
const PREFIXES: [&str; 19] = [
    "lock", "rep", "repne", "repe", "o16", "o32", "o64", "a16", "a32", "a64", "bnd", "xacquire", "xrelease",
    "notrack", "{vex}", "{vex3}", "{evex}", "fs", "wait",
];

/// Prefixes and mnemonic, and the operands.
fn parts(line: &str) -> (String, Vec<String>) {
    let operand = |word: &str| {
        let word = word.trim_end_matches(',');
        let bare = word.split(['{', '[', ':', '*']).next().unwrap_or(word);
        tinyelf::isa::x86::mnemonic(word.as_bytes()).is_none()
            && !PREFIXES.contains(&word)
            && (!bare.is_empty() || word.starts_with('['))
    };
    let mut at = 0;
    for word in line.split_inclusive(' ') {
        if at > 0
            && operand(word.trim())
            && tinyelf::isa::x86::mnemonic(line[..at].trim().rsplit(' ').next().unwrap_or("").as_bytes())
                .is_some()
        {
            break;
        }
        at += word.len();
    }
    let (head, tail) = line.split_at(at);
    (head.trim().to_owned(), tail.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect())
}

fn is_register(word: &str) -> bool {
    tinyelf::isa::x86::Register::from_name(word.as_bytes()).is_some()
}

/// The operand with one of its registers exchanged for another.
fn other_register(random: &mut Random, operand: &str) -> String {
    let mut out = String::new();
    for piece in operand.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let name = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_register(name) && random.below(2) == 0 {
            let registers = &OPERANDS[..37];
            out.push_str(random.pick(registers));
        } else {
            out.push_str(name);
        }
        out.push_str(&piece[name.len()..]);
    }
    out
}

fn other_size(random: &mut Random, operand: &str) -> String {
    let bare = SIZES.iter().find_map(|size| operand.strip_prefix(size)).unwrap_or(operand).trim_start();
    match random.below(4) {
        0 => bare.to_owned(),
        _ => format!("{} {bare}", random.pick(&SIZES)),
    }
}

/// The line with one thing changed.
pub(crate) fn mutated(random: &mut Random, line: &str) -> String {
    let (mut head, mut operands) = parts(line);
    let count = operands.len();
    match random.below(9) {
        0 if count > 1 => {
            let at = random.below(count - 1);
            operands.swap(at, at + 1);
        }
        1 if count > 0 => {
            let at = random.below(count);
            operands[at] = random.pick(&OPERANDS).to_owned();
        }
        2 if count > 0 => {
            operands.remove(random.below(count));
        }
        3 => operands.insert(random.below(count + 1), random.pick(&OPERANDS).to_owned()),
        4 | 5 if count > 0 => {
            let at = random.below(count);
            operands[at] = other_size(random, &operands[at]);
        }
        6 if count > 0 => match random.below(3) {
            0 => operands.push(random.pick(&ROUNDINGS).to_owned()),
            _ => operands[random.below(count)].push_str(random.pick(&DECORATORS)),
        },
        7 => head = format!("{} {head}", random.pick(&PREFIXES)),
        _ => {
            let at = random.below(count.max(1));
            if let Some(operand) = operands.get_mut(at) {
                *operand = other_register(random, operand);
            }
        }
    }
    format!("{head} {}", operands.join(",")).trim_end().to_owned()
}
