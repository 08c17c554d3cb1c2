//! Registers: names, classes, numbers.  The number of a [`Register`] is the decoder's.

use super::Register;

/// A register file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the file of its name")]
pub enum RegisterClass {
    /// `al` … `r15b`, `ah` … `bh`.
    General8,
    General16,
    General32,
    General64,
    /// `rip` and `eip`: not written in NASM's language.
    Instruction,
    Segment,
    Xmm,
    Ymm,
    Zmm,
    Mask,
    Bound,
    Control,
    Debug,
    X87,
    Mmx,
    Test,
    Tile,
}

/// First number, how many, and class of each file.
const FILES: [(u8, u8, RegisterClass); 17] = [
    (1, 20, RegisterClass::General8),
    (21, 16, RegisterClass::General16),
    (37, 16, RegisterClass::General32),
    (53, 16, RegisterClass::General64),
    (69, 2, RegisterClass::Instruction),
    (71, 6, RegisterClass::Segment),
    (77, 32, RegisterClass::Xmm),
    (109, 32, RegisterClass::Ymm),
    (141, 32, RegisterClass::Zmm),
    (173, 8, RegisterClass::Mask),
    (181, 4, RegisterClass::Bound),
    (185, 16, RegisterClass::Control),
    (201, 16, RegisterClass::Debug),
    (217, 8, RegisterClass::X87),
    (225, 8, RegisterClass::Mmx),
    (233, 8, RegisterClass::Test),
    (241, 8, RegisterClass::Tile),
];

const fn classes() -> [(RegisterClass, u8); 256] {
    let mut table = [(RegisterClass::Instruction, 0); 256];
    let mut file = 0;
    while file < FILES.len() {
        let (first, count, class) = FILES[file];
        let mut at = 0;
        while at < count {
            table[(first + at) as usize] = (class, at);
            at += 1;
        }
        file += 1;
    }
    table
}

static CLASSES: [(RegisterClass, u8); 256] = classes();

/// The names in lower case, by number; 0 is none.
pub const REGISTER_NAMES: [&str; 249] = [
    "", "al", "cl", "dl", "bl", "ah", "ch", "dh", "bh", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b",
    "r11b", "r12b", "r13b", "r14b", "r15b", "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w",
    "r10w", "r11w", "r12w", "r13w", "r14w", "r15w", "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
    "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d", "rax", "rcx", "rdx", "rbx", "rsp", "rbp",
    "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "eip", "rip", "es", "cs", "ss", "ds",
    "fs", "gs", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
    "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21",
    "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "ymm0", "ymm1",
    "ymm2", "ymm3", "ymm4", "ymm5", "ymm6", "ymm7", "ymm8", "ymm9", "ymm10", "ymm11", "ymm12", "ymm13",
    "ymm14", "ymm15", "ymm16", "ymm17", "ymm18", "ymm19", "ymm20", "ymm21", "ymm22", "ymm23", "ymm24",
    "ymm25", "ymm26", "ymm27", "ymm28", "ymm29", "ymm30", "ymm31", "zmm0", "zmm1", "zmm2", "zmm3", "zmm4",
    "zmm5", "zmm6", "zmm7", "zmm8", "zmm9", "zmm10", "zmm11", "zmm12", "zmm13", "zmm14", "zmm15", "zmm16",
    "zmm17", "zmm18", "zmm19", "zmm20", "zmm21", "zmm22", "zmm23", "zmm24", "zmm25", "zmm26", "zmm27",
    "zmm28", "zmm29", "zmm30", "zmm31", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "bnd0", "bnd1",
    "bnd2", "bnd3", "cr0", "cr1", "cr2", "cr3", "cr4", "cr5", "cr6", "cr7", "cr8", "cr9", "cr10", "cr11",
    "cr12", "cr13", "cr14", "cr15", "dr0", "dr1", "dr2", "dr3", "dr4", "dr5", "dr6", "dr7", "dr8", "dr9",
    "dr10", "dr11", "dr12", "dr13", "dr14", "dr15", "st0", "st1", "st2", "st3", "st4", "st5", "st6", "st7",
    "mm0", "mm1", "mm2", "mm3", "mm4", "mm5", "mm6", "mm7", "tr0", "tr1", "tr2", "tr3", "tr4", "tr5", "tr6",
    "tr7", "tmm0", "tmm1", "tmm2", "tmm3", "tmm4", "tmm5", "tmm6", "tmm7",
];

impl Register {
    /// The register of this name in any case.
    pub fn from_name(name: &[u8]) -> Option<Register> {
        let lower = |at: usize| name.get(at).map_or(0, u8::to_ascii_lowercase);
        let (first, second, third) = (lower(0), lower(1), lower(2));
        if name.len() == 2 {
            return pair(first, second);
        }
        if !(3..=5).contains(&name.len()) {
            return None;
        }
        let numbered =
            |prefix: usize, base: u8, count: u8| number(&name[prefix..], count).map(|n| Register(base + n));
        match (first, second, third) {
            (b'e', b'i', b'p') | (b'r', b'i', b'p') => None,
            (b'e', ..) if name.len() == 3 => word(second, third).map(|n| Register(37 + n)),
            (b'r', b'0'..=b'9', _) => extended(&name[1..]),
            (b'r', ..) if name.len() == 3 => word(second, third).map(|n| Register(53 + n)),
            (_, _, b'l') if name.len() == 3 => match (first, second) {
                (b's', b'p') => Some(Register(9)),
                (b'b', b'p') => Some(Register(10)),
                (b's', b'i') => Some(Register(11)),
                (b'd', b'i') => Some(Register(12)),
                _ => None,
            },
            (b'x', b'm', b'm') => numbered(3, 77, 32),
            (b'y', b'm', b'm') => numbered(3, 109, 32),
            (b'z', b'm', b'm') => numbered(3, 141, 32),
            (b't', b'm', b'm') => numbered(3, 241, 8),
            (b'b', b'n', b'd') => numbered(3, 181, 4),
            (b'c', b'r', _) => numbered(2, 185, 16),
            (b'd', b'r', _) => numbered(2, 201, 16),
            (b's', b't', _) => numbered(2, 217, 8),
            (b'm', b'm', _) => numbered(2, 225, 8),
            (b't', b'r', _) => numbered(2, 233, 8),
            _ => None,
        }
    }

    /// Whether the language names it: the instruction pointer stands in no operand.
    pub const fn is_written(self) -> bool {
        !matches!(self.0, 0 | 69 | 70) && (self.0 as usize) < REGISTER_NAMES.len()
    }

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        REGISTER_NAMES.get(usize::from(self.0)).copied().unwrap_or("")
    }

    /// Its register file.
    pub const fn class(self) -> RegisterClass {
        CLASSES[self.0 as usize].0
    }

    /// Its number in the file, as encoded; `ah` to `bh` are 4 to 7, as the others of 8 bits without a REX prefix.
    pub const fn number(self) -> u8 {
        let number = CLASSES[self.0 as usize].1;
        match self.class() {
            RegisterClass::General8 if number >= 8 => number - 4,
            _ => number,
        }
    }

    /// Its size in bytes; 0 where the mode decides.
    pub fn bytes(self) -> u8 {
        match self.class() {
            RegisterClass::General8 => 1,
            RegisterClass::General16 | RegisterClass::Segment => 2,
            RegisterClass::General32 => 4,
            RegisterClass::General64 | RegisterClass::Mask | RegisterClass::Mmx => 8,
            RegisterClass::X87 => 10,
            RegisterClass::Xmm | RegisterClass::Bound => 16,
            RegisterClass::Ymm => 32,
            RegisterClass::Zmm | RegisterClass::Tile => 64,
            _ => 0,
        }
    }

    /// Whether only 64-bit code can name it.
    pub fn needs_64_bit(self) -> bool {
        match self.class() {
            RegisterClass::General64 => true,
            RegisterClass::General8 => self.0 >= 9,
            RegisterClass::Segment | RegisterClass::X87 => false,
            _ => self.number() >= 8,
        }
    }
}

fn pair(first: u8, second: u8) -> Option<Register> {
    let byte = |n: u8| Some(Register(n));
    match (first, second) {
        (b'a', b'l') => byte(1),
        (b'c', b'l') => byte(2),
        (b'd', b'l') => byte(3),
        (b'b', b'l') => byte(4),
        (b'a', b'h') => byte(5),
        (b'c', b'h') => byte(6),
        (b'd', b'h') => byte(7),
        (b'b', b'h') => byte(8),
        (b'e', b's') => byte(71),
        (b'c', b's') => byte(72),
        (b's', b's') => byte(73),
        (b'd', b's') => byte(74),
        (b'f', b's') => byte(75),
        (b'g', b's') => byte(76),
        (b'r', b'8' | b'9') => byte(61 + second - b'8'),
        (b'k', b'0'..=b'7') => byte(173 + second - b'0'),
        _ => word(first, second).map(|n| Register(21 + n)),
    }
}

fn word(first: u8, second: u8) -> Option<u8> {
    Some(match (first, second) {
        (b'a', b'x') => 0,
        (b'c', b'x') => 1,
        (b'd', b'x') => 2,
        (b'b', b'x') => 3,
        (b's', b'p') => 4,
        (b'b', b'p') => 5,
        (b's', b'i') => 6,
        (b'd', b'i') => 7,
        _ => return None,
    })
}

/// A decimal number below `limit` without a leading zero.
fn number(digits: &[u8], limit: u8) -> Option<u8> {
    let value = match digits {
        [one @ b'0'..=b'9'] => one - b'0',
        [ten @ b'1'..=b'9', one @ b'0'..=b'9'] => (ten - b'0') * 10 + (one - b'0'),
        _ => return None,
    };
    (value < limit).then_some(value)
}

/// `r8` … `r15` with a size letter or none.
fn extended(rest: &[u8]) -> Option<Register> {
    let (digits, base) = match rest.split_last()? {
        (b'b' | b'B' | b'l' | b'L', digits) => (digits, 13),
        (b'w' | b'W', digits) => (digits, 29),
        (b'd' | b'D', digits) => (digits, 45),
        _ => (rest, 61),
    };
    let number = number(digits, 16)?;
    Some(Register(base + number.checked_sub(8)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_register_has_its_name_and_no_other() {
        for index in (1..=248u8).filter(|index| !(69..=70).contains(index)) {
            let register = Register(index);
            assert_eq!(
                Register::from_name(register.name().as_bytes()),
                Some(register),
                "{}",
                register.name()
            );
            assert_eq!(Register::from_name(register.name().to_uppercase().as_bytes()), Some(register));
        }
        for name in
            ["st8", "xmm32", "xmm01", "r7", "r16", "rip", "k8", "mm", "st", "tr8", "bnd4", "axx", "e", ""]
        {
            assert_eq!(Register::from_name(name.as_bytes()), None, "{name}");
        }
    }
}
