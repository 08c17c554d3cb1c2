//! Random lines for a form of an instruction, from its description alone: every register file, every kind of
//! address, immediates at the edges, decorators and prefixes.
//!
//! A line need not be valid: the oracle says which are.  The numbers come from a generator of our own with a fixed
//! seed, so that every run asks the same.

use tinyelf::isa::x86::{Bits, FormDescription};

/// A xorshift generator (Marsaglia, 2003).
pub(crate) struct Random {
    state: u64,
    bits: Bits,
}

const EDGES: [i64; 29] = [
    0,
    1,
    2,
    3,
    5,
    -1,
    -2,
    0x7e,
    0x7f,
    0x80,
    0x81,
    0xff,
    0x100,
    -0x7f,
    -0x80,
    -0x81,
    0x7fff,
    0x8000,
    0xff80,
    0xffff,
    0x1_0000,
    -0x8000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ff80,
    0xffff_ffff,
    -0x8000_0000,
    0x1_0000_0000,
    0x1234_5678_9abc_def0,
];

const SEGMENTS: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];

const LOW8: [&str; 8] = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"];
const UNIFORM8: [&str; 4] = ["spl", "bpl", "sil", "dil"];
const LOW16: [&str; 8] = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"];

impl Random {
    pub(crate) fn new(bits: Bits, seed: u64) -> Self {
        Random { state: seed | 1, bits }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }

    /// True once in `times`.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A line of a form.
    pub(crate) fn line(&mut self, form: &FormDescription) -> String {
        let (name, shapes) = form.text.split_once(' ').unwrap_or((&form.text, ""));
        let evex = form.encoding == "evex";
        let mut operands: Vec<String> = Vec::new();
        let mut rounding = "";
        for shape in shapes.split(',').filter(|shape| !shape.is_empty()) {
            match shape {
                "{er}" => rounding = self.pick(&["{rn-sae}", "{rd-sae}", "{ru-sae}", "{rz-sae}"]),
                "{sae}" => rounding = "{sae}",
                _ => {
                    let operand = self.operand(shape, evex, operands.is_empty());
                    operands.push(operand);
                }
            }
        }
        let memory = operands.iter().any(|operand| operand.contains('['));
        if !rounding.is_empty() && !memory && self.once_in(2) {
            operands.push(rounding.to_owned());
        }
        let prefixes = self.prefixes(name, form, memory);
        format!("{prefixes}{name} {}", operands.join(",")).trim_end().to_owned()
    }

    fn prefixes(&mut self, name: &str, form: &FormDescription, memory: bool) -> String {
        let mut out = String::new();
        if form.lock && memory && self.once_in(4) {
            out.push_str(self.pick(&["lock ", "xacquire lock ", "xrelease lock ", "lock xacquire "]));
        }
        let string = ["movs", "cmps", "scas", "lods", "stos", "ins", "outs"]
            .iter()
            .any(|stem| name.strip_prefix(stem).is_some_and(|letter| ["b", "w", "d", "q"].contains(&letter)));
        if string && self.once_in(2) {
            out.push_str(self.pick(&["rep ", "repe ", "repne ", "repz ", "repnz "]));
        }
        if form.encoding == "legacy" && self.once_in(16) {
            out.push_str(self.pick(&["o16 ", "o32 ", "o64 "]));
        }
        if self.once_in(24) {
            out.push_str(self.pick(&["a16 ", "a32 ", "a64 "]));
        }
        if self.once_in(24) {
            out.push_str(self.pick(&SEGMENTS));
            out.push(' ');
        }
        if form.encoding == "legacy" && self.once_in(64) {
            out.push_str(self.pick(&["wait ", "bnd ", "rep ", "repne ", "notrack "]));
        }
        match form.encoding {
            "vex" if self.once_in(6) => out.push_str(self.pick(&["{vex} ", "{vex3} ", "{vex2} "])),
            "evex" if self.once_in(3) => out.push_str("{evex} "),
            _ => {}
        }
        out
    }

    fn operand(&mut self, shape: &str, evex: bool, first: bool) -> String {
        let (to, shape) = shape.strip_prefix("to ").map_or(("", shape), |shape| ("to ", shape));
        let (plain, decorators) = shape.split_at(shape.find('{').unwrap_or(shape.len()));
        let alternatives: Vec<&str> =
            if plain.starts_with('[') { vec![plain] } else { plain.split('/').collect() };
        let chosen = alternatives[self.below(alternatives.len())];
        let mut text = match self.register(chosen, evex) {
            Some(register) => register,
            None => self.other(chosen, &alternatives, evex),
        };
        if decorators.starts_with("{k}") && (first || evex) {
            let masked = self.once_in(2) || chosen.starts_with("mem[");
            if masked {
                text.push_str(&format!("{{k{}}}", 1 + self.below(7)));
            }
            if masked && decorators.ends_with("{z}") && !text.contains('[') && self.once_in(2) {
                text.push_str("{z}");
            }
        }
        format!("{to}{text}")
    }

    fn wide(&mut self) -> usize {
        self.below(if self.bits == Bits::B64 { 16 } else { 8 })
    }

    fn general(&mut self, size: u32) -> String {
        let number = self.wide();
        match (size, number) {
            (8, 8..) => format!("r{number}b"),
            (16, 8..) => format!("r{number}w"),
            (32, 8..) => format!("r{number}d"),
            (64, 8..) => format!("r{number}"),
            (8, 4..) if self.bits == Bits::B64 && self.once_in(2) => UNIFORM8[number - 4].to_owned(),
            (8, _) => LOW8[number].to_owned(),
            (16, _) => LOW16[number].to_owned(),
            (32, _) => format!("e{}", LOW16[number]),
            _ => format!("r{}", LOW16[number]),
        }
    }

    fn vector(&mut self, file: &str, evex: bool) -> String {
        let number = if evex && self.bits == Bits::B64 { self.below(32) } else { self.wide() };
        format!("{file}{number}")
    }

    fn register(&mut self, shape: &str, evex: bool) -> Option<String> {
        Some(match shape {
            "r8" => self.general(8),
            "r16" => self.general(16),
            "r32" => self.general(32),
            "r64" => self.general(64),
            "xmm" | "ymm" | "zmm" => self.vector(shape, evex),
            "mm" | "k" | "tmm" => format!("{shape}{}", self.below(8)),
            "tr" => format!("tr{}", 3 + self.below(5)),
            "bnd" => format!("bnd{}", self.below(4)),
            "sreg" => self.pick(&SEGMENTS).to_owned(),
            "cr" => format!("cr{}", [0, 2, 3, 4, 8][self.below(5)]),
            "dr" => format!("dr{}", self.below(8)),
            "sti" => format!("st{}", self.below(8)),
            "es" | "cs" | "ss" | "ds" | "fs" | "gs" | "al" | "cl" | "ax" | "dx" | "eax" | "rax" | "st0"
            | "xmm0" | "ecx" | "edx" | "cx" | "rcx" => shape.to_owned(),
            _ => return None,
        })
    }

    fn other(&mut self, shape: &str, alternatives: &[&str], evex: bool) -> String {
        if let Some(file) = shape.strip_prefix("mem[") {
            let index = self.vector(file.trim_end_matches(']'), evex);
            return self.address(Some(&index), evex);
        }
        if let Some(element) = shape.strip_suffix("bcst") {
            return self.broadcast(element, alternatives);
        }
        if let Some(moffs) = shape.strip_prefix('[') {
            let size = keyword(moffs.split(' ').next().unwrap_or(""));
            let size = if self.once_in(2) { size } else { "" };
            let offset =
                self.pick(&["qword 0x1122334455667788", "0x1234", "0x12345678", "word 0x12", "dword 0x34"]);
            return format!("{size}[{offset}]");
        }
        if shape == "seg:offset" {
            let (segment, offset) = (self.below(0x1_0000), self.below(0x1_0000));
            let size = self.pick(&["", "", "word ", "dword ", "far "]);
            return format!("{size}{segment:#x}:{offset:#x}");
        }
        if shape.starts_with("far ") {
            let far = self.pick(&["far ", "word far ", "dword far "]);
            return format!("{far}{}", self.address(None, evex));
        }
        if shape.starts_with("rel") {
            return self.target(shape);
        }
        if shape == "1" {
            return shape.to_owned();
        }
        if shape.contains("imm") {
            return self.immediate(shape);
        }
        let size = if self.once_in(3) { "" } else { keyword(shape) };
        let address = self.address(None, evex);
        format!("{size}{address}")
    }

    fn broadcast(&mut self, element: &str, alternatives: &[&str]) -> String {
        let bits = |shape: &str| shape.trim_start_matches('m').parse::<u32>().unwrap_or(1);
        let whole =
            alternatives.iter().copied().find(|shape| shape.starts_with('m') && !shape.ends_with("bcst"));
        let count = bits(whole.unwrap_or("")) / bits(element);
        let size = if self.once_in(4) { keyword(element) } else { "" };
        let address = self.address(None, true);
        format!("{size}{address}{{1to{count}}}")
    }

    fn target(&mut self, shape: &str) -> String {
        let distance = match shape {
            "rel8" => [0, 2, 10, 100, 127, 129, 130, -10, -126, -127][self.below(10)],
            _ => [0, 5, 200, 1000, -100, -1000, 0x7000][self.below(7)],
        };
        let keyword = match shape {
            "rel8" => self.pick(&["", "", "", "short ", "near ", "strict "]),
            _ => self.pick(&["", "", "", "near ", "strict ", "word ", "dword ", "near word ", "near dword "]),
        };
        format!("{keyword}$+{distance}").replace("+-", "-")
    }

    fn immediate(&mut self, shape: &str) -> String {
        let bits: u32 = shape.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().unwrap_or(8);
        let limit = 1i128 << bits;
        let mut value = if self.once_in(3) { self.next() as i64 } else { EDGES[self.below(EDGES.len())] };
        if i128::from(value) >= limit || i128::from(value) < -limit / 2 {
            value &= (limit - 1) as i64;
        }
        let keyword = match (self.below(8), bits) {
            (0, 8) => "byte ",
            (0, 16) => "word ",
            (0, 32) => "dword ",
            (0, 64) => "qword ",
            (1, _) => "strict ",
            (2, 8) => "strict byte ",
            (2, 16) => "strict word ",
            (2, 32) => "strict dword ",
            (2, 64) => "strict qword ",
            _ => "",
        };
        format!("{keyword}{}", hexadecimal(value))
    }

    /// A displacement: an edge, or about a multiple of what EVEX scales by.
    fn displacement(&mut self) -> i64 {
        if self.once_in(2) {
            return EDGES[self.below(EDGES.len() - 2)];
        }
        let scale = 1i64 << self.below(7);
        (self.below(0x110) as i64 - 0x88) * scale + i64::from(self.once_in(8))
    }

    fn address(&mut self, vector: Option<&str>, evex: bool) -> String {
        let size = match (self.bits, self.below(8)) {
            (Bits::B16, 0..5) | (Bits::B32, 0) => 16,
            (Bits::B64, 1..) => 64,
            _ => 32,
        };
        let mut keywords = String::new();
        if self.once_in(8) {
            keywords.push_str(self.pick(&SEGMENTS));
            keywords.push(':');
        }
        let text = match (vector, size) {
            (Some(vector), _) => self.sum(size.max(32), Some(vector)),
            (None, 16) => self.sum16(),
            _ => self.sum(size, None),
        };
        let forced = match self.below(if evex { 12 } else { 24 }) {
            // `abs` with a place is the same line with another meaning; it would differ with every length before it.
            _ if text.starts_with("rel") => "",
            0 => "byte ",
            1 => self.pick(&["word ", "dword "]),
            2 => self.pick(&["nosplit ", "rel ", "abs "]),
            _ => "",
        };
        format!("[{keywords}{forced}{text}]")
    }

    fn sum16(&mut self) -> String {
        let registers =
            self.pick(&["bx", "bp", "si", "di", "bx+si", "bx+di", "bp+si", "bp+di", "si+bx", "di+bp", ""]);
        let displacement = i64::from(self.displacement() as i16);
        if registers.is_empty() || self.once_in(2) {
            plus(registers, displacement)
        } else {
            registers.to_owned()
        }
    }

    fn sum(&mut self, size: u32, vector: Option<&str>) -> String {
        let mut parts = Vec::new();
        if !self.once_in(4) {
            parts.push(self.general(size));
        }
        if let Some(vector) = vector {
            parts.push(format!("{vector}{}", self.pick(&["", "*1", "*2", "*4", "*8"])));
        } else if self.once_in(3) {
            let scale = match parts.len() {
                0 => self.pick(&["*1", "*2", "*3", "*4", "*5", "*8", "*9"]),
                _ => self.pick(&["", "*1", "*2", "*4", "*8"]),
            };
            parts.push(format!("{}{scale}", self.general(size)));
        } else if parts.is_empty() && self.bits == Bits::B64 && self.once_in(2) {
            return format!("rel $+{:#x}", self.below(0x1000));
        }
        let registers = parts.join("+");
        let displacement = i64::from(self.displacement() as i32);
        if registers.is_empty() || self.once_in(2) { plus(&registers, displacement) } else { registers }
    }
}

fn plus(registers: &str, displacement: i64) -> String {
    match (registers, displacement) {
        ("", _) => hexadecimal(displacement),
        (_, 0..) => format!("{registers}+{displacement:#x}"),
        _ => format!("{registers}{}", hexadecimal(displacement)),
    }
}

fn hexadecimal(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{:#x}", value.unsigned_abs())
}

/// The size keyword for memory as a description names it.
fn keyword(memory: &str) -> &'static str {
    match memory {
        "m8" => "byte ",
        "m16" => "word ",
        "m32" => "dword ",
        "m64" => "qword ",
        "m80" => "tword ",
        "m128" => "oword ",
        "m256" => "yword ",
        "m512" => "zword ",
        _ => "",
    }
}
