//! The programs that are measured, made anew from a fixed seed: the same text on every host.

/// Whose syntax a source is written in; the instructions are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// nasm, yasm, tinyelf.
    Nasm,
    /// fasm: `use64` for `bits 64`.
    Fasm,
    /// GNU as with `.intel_syntax noprefix`: `dword ptr [`.
    Gas,
}

/// Xorshift64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

const R64: [&str; 15] =
    ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
const R32: [&str; 15] = [
    "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
    "r15d",
];
const R8: [&str; 8] = ["al", "bl", "cl", "dl", "r8b", "r9b", "r10b", "r11b"];
const ALU: [&str; 8] = ["add", "sub", "and", "or", "xor", "cmp", "adc", "sbb"];
const SSE: [&str; 8] = ["addps", "mulps", "subps", "xorps", "paddd", "pxor", "pand", "movaps"];
const AVX: [&str; 6] = ["vaddps", "vmulps", "vpaddd", "vpxor", "vandps", "vminps"];
const CC: [&str; 10] = ["e", "ne", "l", "le", "g", "ge", "a", "b", "s", "ns"];

fn header(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Nasm => "bits 64\n",
        Dialect::Fasm => "use64\n",
        Dialect::Gas => ".intel_syntax noprefix\n.text\n",
    }
}

fn memory(random: &mut Random, dialect: Dialect, size: &str) -> String {
    let ptr = if dialect == Dialect::Gas && !size.is_empty() { " ptr" } else { "" };
    let space = if size.is_empty() { "" } else { " " };
    let base = random.pick(&R64);
    match random.below(4) {
        0 => format!("{size}{ptr}{space}[{base}]"),
        1 => format!("{size}{ptr}{space}[{base}+{}]", random.below(128)),
        2 => format!("{size}{ptr}{space}[{base}+{:#x}]", random.below(0x10000)),
        _ => format!(
            "{size}{ptr}{space}[{base}+{}*{}+{}]",
            random.pick(&R64),
            1 << random.below(4),
            random.below(200)
        ),
    }
}

/// One straight instruction of the everyday mix.
fn instruction(random: &mut Random, dialect: Dialect) -> String {
    match random.below(20) {
        0 | 1 => format!("mov {},{}", random.pick(&R64), random.pick(&R64)),
        2 => format!("mov {},{}", random.pick(&R32), random.below(1 << 31)),
        3 => format!("mov {},{}", random.pick(&R64), memory(random, dialect, "")),
        4 => format!("mov {},{}", memory(random, dialect, ""), random.pick(&R64)),
        5 => format!("mov {},{}", memory(random, dialect, "dword"), random.below(1000)),
        6 => format!("{} {},{}", random.pick(&ALU), random.pick(&R64), random.pick(&R64)),
        7 => format!("{} {},{}", random.pick(&ALU), random.pick(&R32), random.below(128)),
        8 => format!("{} {},{:#x}", random.pick(&ALU), random.pick(&R64), 0x100 + random.below(0x10000)),
        9 => format!("{} {},{}", random.pick(&ALU), random.pick(&R32), memory(random, dialect, "")),
        10 => format!("{} {},{}", random.pick(&ALU), random.pick(&R8), random.below(100)),
        11 => format!("lea {},{}", random.pick(&R64), memory(random, dialect, "")),
        12 => format!("push {}", random.pick(&R64)),
        13 => format!("pop {}", random.pick(&R64)),
        14 => format!("test {0},{0}", random.pick(&R64)),
        15 => format!("shl {},{}", random.pick(&R64), 2 + random.below(60)),
        16 => format!("movzx {},{}", random.pick(&R32), memory(random, dialect, "byte")),
        17 => format!("{} xmm{},xmm{}", random.pick(&SSE), random.below(16), random.below(16)),
        18 => {
            format!(
                "{} ymm{},ymm{},ymm{}",
                random.pick(&AVX),
                random.below(16),
                random.below(16),
                random.below(16)
            )
        }
        _ => format!("cmov{} {},{}", random.pick(&CC), random.pick(&R64), random.pick(&R64)),
    }
}

/// `lines` instructions without labels.
pub(crate) fn mixed(lines: usize, dialect: Dialect) -> String {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut text = String::from(header(dialect));
    for _ in 0..lines {
        text.push_str("    ");
        text.push_str(&instruction(&mut random, dialect));
        text.push('\n');
    }
    text
}

/// `lines` lines, every fifth a label, every third of the others a jump or call to one nearby.
pub(crate) fn labels(lines: usize, dialect: Dialect) -> String {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut text = String::from(header(dialect));
    let last = (lines / 5) as u64;
    for line in 0..lines {
        let label = (line / 5) as u64;
        if line % 5 == 0 {
            text.push_str(&format!("label{label}:\n"));
            continue;
        }
        let target = (label + random.below(24)).saturating_sub(12).min(last - 1);
        match random.below(9) {
            0 => text.push_str(&format!("    jmp label{target}\n")),
            1 => text.push_str(&format!("    j{} label{target}\n", random.pick(&CC))),
            2 => text.push_str(&format!("    call label{target}\n")),
            _ => {
                text.push_str("    ");
                text.push_str(&instruction(&mut random, dialect));
                text.push('\n');
            }
        }
    }
    text
}

/// Macros inside macros, `%rep`, `%assign`, `%rotate`: about `uses` uses of the outermost.
pub(crate) fn macros(uses: usize) -> String {
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut text = String::from(
        "bits 64\n%define TWICE(x) ((x)*2)\n%define OFFSET(i) (TWICE(i)+BASE)\n%assign BASE 16\n%assign count 0\n\
         %macro save 1-*\n%rep %0\n    push %1\n%rotate 1\n%endrep\n%endmacro\n\
         %macro restore 1-*\n%rep %0\n%rotate -1\n    pop %1\n%endrep\n%endmacro\n\
         %macro load 3\n    mov %1,[%2+OFFSET(%3)]\n%if %3 > 10\n    add %1,%3\n%else\n    sub %1,%3\n%endif\n%endmacro\n\
         %macro body 4\n    save %1,%2,%3\n%%again:\n    load %1,%2,%4\n    load %2,%3,%4\n    dec %3\n    jnz %%again\n\
         restore %1,%2,%3\n%assign count count+1\n%ifidn %1,rax\n    add rbx,count\n%endif\n%endmacro\n",
    );
    for _ in 0..uses {
        let (a, b, c) = (random.pick(&R64), random.pick(&R64), random.pick(&R64));
        text.push_str(&format!("    body {a},{b},{c},{}\n", random.below(20)));
    }
    text.push_str("%assign i 0\n%rep 1000\n    dd i, TWICE(i), OFFSET(i)\n%assign i i+1\n%endrep\n");
    text
}
