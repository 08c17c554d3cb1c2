//! The few instructions that generated code needs, each in one fixed encoding, without parsing or selection.
//!
//! In: an instruction by name and operands.  Out: its bytes, and where a datum's address goes.  The encoding is the
//! shortest that NASM has for the same operands (SDM vol. 2); a test compares every form with nasm.

/// An operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A general register by number, and its size in bytes.
    Reg(u8, u8),
    /// A number.
    Imm(i64),
    /// The address of a datum, 32 bits wide.
    Address,
    /// Memory of a size in bytes at a register and a number.
    Base(u8, u8, i32),
    /// Memory of a size in bytes at the address of a datum: relative to the instruction in 64-bit mode.
    Datum(u8),
}

/// Where the address of a datum goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From the start of the instruction, in bytes; the field has four.
    pub offset: u8,
    /// Whether the field counts from the instruction's end.
    pub relative: bool,
}

/// The bytes of an instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes, the field of an address zero.
    pub bytes: Vec<u8>,
    /// The field of an address.
    pub place: Option<Place>,
}

/// The operand in the r/m field.
#[derive(Clone, Copy)]
enum Rm {
    Reg(u8),
    Base(u8, i32),
    Datum,
}

struct Form<'a> {
    wide: bool,
    /// Operand size in bytes.
    size: u8,
    opcode: &'a [u8],
    /// The reg field: a register or an opcode extension.
    reg: u8,
    rm: Rm,
    /// Byte registers that need a REX prefix to be named (spl, bpl, sil, dil).
    force_rex: bool,
    immediate: &'a [u8],
}

impl Form<'_> {
    fn encode(self) -> Encoded {
        let mut out = Encoded::default();
        if self.size == 2 {
            out.bytes.push(0x66);
        }
        let base = match self.rm {
            Rm::Reg(number) | Rm::Base(number, _) => number,
            Rm::Datum => 0,
        };
        let rex = u8::from(self.size == 8) << 3 | (self.reg >> 3) << 2 | base >> 3;
        if self.wide && (rex != 0 || self.force_rex) {
            out.bytes.push(0x40 | rex);
        }
        out.bytes.extend_from_slice(self.opcode);
        let reg = (self.reg & 7) << 3;
        match self.rm {
            Rm::Reg(number) => out.bytes.push(0xc0 | reg | (number & 7)),
            Rm::Datum => {
                out.bytes.push(reg | 5);
                let offset = u8::try_from(out.bytes.len()).unwrap_or(u8::MAX);
                out.place = Some(Place { offset, relative: self.wide });
                out.bytes.extend_from_slice(&[0; 4]);
            }
            Rm::Base(number, disp) => {
                let low = number & 7;
                let short = i8::try_from(disp).ok();
                let mode = match short {
                    // rbp and r13 have no form without a displacement.
                    Some(0) if low != 5 => 0,
                    Some(_) => 0x40,
                    None => 0x80,
                };
                out.bytes.push(mode | reg | low);
                if low == 4 {
                    out.bytes.push(0x24); // rsp and r12 need the SIB byte.
                }
                match (mode, short) {
                    (0, _) => {}
                    (_, Some(disp)) => out.bytes.extend_from_slice(&disp.to_le_bytes()),
                    (_, None) => out.bytes.extend_from_slice(&disp.to_le_bytes()),
                }
            }
        }
        out.bytes.extend_from_slice(self.immediate);
        out
    }
}

/// `add`, `or`, `and`, `sub`, `xor`, `cmp` by the number of their opcode row.
fn arithmetic(name: &str) -> Option<u8> {
    Some(match name {
        "add" => 0,
        "or" => 1,
        "and" => 4,
        "sub" => 5,
        "xor" => 6,
        "cmp" => 7,
        _ => return None,
    })
}

/// The number of a condition code.
fn condition(name: &str) -> Option<u8> {
    Some(match name {
        "b" => 2,
        "ae" => 3,
        "e" => 4,
        "ne" => 5,
        "be" => 6,
        "a" => 7,
        "l" => 12,
        "ge" => 13,
        "le" => 14,
        "g" => 15,
        _ => return None,
    })
}

/// The opcodes of a jump's short and near form, `jmp` or `jCC`.
pub fn jump(name: &str) -> Option<(&'static [u8], [u8; 2], usize)> {
    const SHORT: [[u8; 1]; 16] = [
        [0x70],
        [0x71],
        [0x72],
        [0x73],
        [0x74],
        [0x75],
        [0x76],
        [0x77],
        [0x78],
        [0x79],
        [0x7a],
        [0x7b],
        [0x7c],
        [0x7d],
        [0x7e],
        [0x7f],
    ];
    if name == "jmp" {
        return Some((&[0xeb], [0xe9, 0], 1));
    }
    let code = condition(name.strip_prefix('j')?)?;
    Some((&SHORT[usize::from(code)], [0x0f, 0x80 | code], 2))
}

/// The bytes of an instruction; `None` for one that is not among the few.
pub fn encode(wide: bool, name: &str, arguments: &[Argument]) -> Option<Encoded> {
    let bytes = |bytes: &[u8]| Some(Encoded { bytes: bytes.to_vec(), place: None });
    match (name, arguments) {
        ("syscall", []) => bytes(&[0x0f, 0x05]),
        ("int", [Argument::Imm(number)]) => bytes(&[0xcd, *number as u8]),
        ("cdq", []) => bytes(&[0x99]),
        ("cqo", []) => bytes(&[0x48, 0x99]),
        ("push", [Argument::Imm(number)]) => match i8::try_from(*number) {
            Ok(small) => bytes(&[0x6a, small.cast_unsigned()]),
            Err(_) => bytes(&[&[0x68][..], &(*number as i32).to_le_bytes()].concat()),
        },
        ("push", [Argument::Reg(reg, _)]) => one_byte(wide, 0x50, *reg),
        ("pop", [Argument::Reg(reg, _)]) => one_byte(wide, 0x58, *reg),
        ("inc" | "dec", [Argument::Reg(reg, 4)]) if !wide => {
            one_byte(false, if name == "inc" { 0x40 } else { 0x48 }, *reg)
        }
        _ => general(wide, name, arguments),
    }
}

fn one_byte(wide: bool, opcode: u8, reg: u8) -> Option<Encoded> {
    let mut out = Encoded::default();
    if wide && reg >= 8 {
        out.bytes.push(0x41);
    }
    out.bytes.push(opcode | (reg & 7));
    Some(out)
}

fn memory(argument: Argument) -> Option<(Rm, u8)> {
    match argument {
        Argument::Base(number, size, disp) => Some((Rm::Base(number, disp), size)),
        Argument::Datum(size) => Some((Rm::Datum, size)),
        Argument::Reg(number, size) => Some((Rm::Reg(number), size)),
        _ => None,
    }
}

/// An immediate of `size` bytes, at most four.
fn immediate(number: i64, size: u8) -> Vec<u8> {
    number.to_le_bytes()[..usize::from(size.min(4))].to_vec()
}

fn is_high_byte(reg: u8, size: u8) -> bool {
    size == 1 && (4..8).contains(&reg)
}

fn general(wide: bool, name: &str, arguments: &[Argument]) -> Option<Encoded> {
    let form = |size: u8, opcode: &[u8], reg: u8, rm: Rm, immediate: &[u8]| {
        let force_rex = match rm {
            Rm::Reg(number) => is_high_byte(number, size),
            _ => false,
        };
        Some(Form { wide, size, opcode, reg, rm, force_rex, immediate }.encode())
    };
    if let Some(row) = arithmetic(name) {
        return row_form(wide, row, arguments);
    }
    if let Some(code) = name.strip_prefix("set").and_then(condition) {
        let (rm, _) = memory(*arguments.first()?)?;
        return form(1, &[0x0f, 0x90 | code], 0, rm, &[]);
    }
    match (name, arguments) {
        ("mov", _) => move_form(wide, arguments),
        ("lea", [Argument::Reg(to, size), from]) => form(*size, &[0x8d], *to, memory(*from)?.0, &[]),
        ("test", [Argument::Reg(left, size), Argument::Reg(right, _)]) => {
            form(*size, &[0x85], *right, Rm::Reg(*left), &[])
        }
        ("inc", [Argument::Reg(reg, size)]) => form(*size, &[0xff], 0, Rm::Reg(*reg), &[]),
        ("dec", [Argument::Reg(reg, size)]) => form(*size, &[0xff], 1, Rm::Reg(*reg), &[]),
        ("not", [Argument::Reg(reg, size)]) => form(*size, &[0xf7], 2, Rm::Reg(*reg), &[]),
        ("neg", [Argument::Reg(reg, size)]) => form(*size, &[0xf7], 3, Rm::Reg(*reg), &[]),
        ("idiv", [Argument::Reg(reg, size)]) => form(*size, &[0xf7], 7, Rm::Reg(*reg), &[]),
        ("imul", [Argument::Reg(to, size), Argument::Reg(from, _)]) => {
            form(*size, &[0x0f, 0xaf], *to, Rm::Reg(*from), &[])
        }
        ("imul", [Argument::Reg(to, size), Argument::Reg(from, _), Argument::Imm(number)]) => {
            match i8::try_from(*number) {
                Ok(small) => form(*size, &[0x6b], *to, Rm::Reg(*from), &small.to_le_bytes()),
                Err(_) => form(*size, &[0x69], *to, Rm::Reg(*from), &immediate(*number, 4)),
            }
        }
        ("shl" | "shr" | "sar", [Argument::Reg(reg, size), count]) => {
            let row = match name {
                "shl" => 4,
                "shr" => 5,
                _ => 7,
            };
            match count {
                Argument::Imm(1) => form(*size, &[0xd1], row, Rm::Reg(*reg), &[]),
                Argument::Imm(count) => form(*size, &[0xc1], row, Rm::Reg(*reg), &immediate(*count, 1)),
                _ => form(*size, &[0xd3], row, Rm::Reg(*reg), &[]),
            }
        }
        ("movzx" | "movsx" | "movsxd", [Argument::Reg(to, size), from]) => {
            let (rm, from_size) = memory(*from)?;
            let force_rex = matches!(rm, Rm::Reg(number) if is_high_byte(number, from_size));
            let opcode: &[u8] = match (name, from_size) {
                ("movzx", 1) => &[0x0f, 0xb6],
                ("movzx", _) => &[0x0f, 0xb7],
                ("movsx", 1) => &[0x0f, 0xbe],
                ("movsx", _) => &[0x0f, 0xbf],
                _ => &[0x63],
            };
            Some(Form { wide, size: *size, opcode, reg: *to, rm, force_rex, immediate: &[] }.encode())
        }
        _ => None,
    }
}

fn row_form(wide: bool, row: u8, arguments: &[Argument]) -> Option<Encoded> {
    let opcode = row << 3;
    match *arguments {
        [Argument::Reg(left, size), Argument::Reg(right, _)] => {
            let rm = Rm::Reg(left);
            let form =
                Form { wide, size, opcode: &[opcode | 1], reg: right, rm, force_rex: false, immediate: &[] };
            Some(form.encode())
        }
        [left, Argument::Imm(number)] => {
            let (rm, size) = memory(left)?;
            let force_rex = matches!(rm, Rm::Reg(number) if is_high_byte(number, size));
            let small = i8::try_from(number).is_ok();
            let accumulator = matches!(rm, Rm::Reg(0));
            if size == 1 && accumulator {
                return Some(Encoded { bytes: vec![opcode | 4, number as u8], place: None });
            }
            if accumulator && !small {
                let mut bytes = if size == 8 { vec![0x48] } else { Vec::new() };
                bytes.push(opcode | 5);
                bytes.extend_from_slice(&immediate(number, size));
                return Some(Encoded { bytes, place: None });
            }
            let (code, bytes) = match (size, small) {
                (1, _) => (0x80, immediate(number, 1)),
                (_, true) => (0x83, immediate(number, 1)),
                (_, false) => (0x81, immediate(number, size)),
            };
            let form = Form { wide, size, opcode: &[code], reg: row, rm, force_rex, immediate: &bytes };
            Some(form.encode())
        }
        _ => None,
    }
}

fn move_form(wide: bool, arguments: &[Argument]) -> Option<Encoded> {
    let form = |size: u8, opcode: u8, reg: u8, rm: Rm, immediate: &[u8]| {
        let force_rex = is_high_byte(reg, size);
        Some(Form { wide, size, opcode: &[opcode], reg, rm, force_rex, immediate }.encode())
    };
    match *arguments {
        [Argument::Reg(to, size), Argument::Reg(from, _)] => form(size, 0x89, from, Rm::Reg(to), &[]),
        [Argument::Reg(to, 4), Argument::Address] => {
            let mut out = one_byte(wide, 0xb8, to)?;
            let offset = u8::try_from(out.bytes.len()).unwrap_or(u8::MAX);
            out.place = Some(Place { offset, relative: false });
            out.bytes.extend_from_slice(&[0; 4]);
            Some(out)
        }
        [Argument::Reg(to, 1), Argument::Imm(number)] => {
            let mut out = Encoded::default();
            if wide && to >= 4 {
                out.bytes.push(0x40 | to >> 3);
            }
            out.bytes.extend_from_slice(&[0xb0 | (to & 7), number as u8]);
            Some(out)
        }
        [Argument::Reg(to, 4), Argument::Imm(number)] => {
            let mut out = one_byte(wide, 0xb8, to)?;
            out.bytes.extend_from_slice(&immediate(number, 4));
            Some(out)
        }
        [Argument::Reg(to, 8), Argument::Imm(number)] if i32::try_from(number).is_ok() => {
            form(8, 0xc7, 0, Rm::Reg(to), &immediate(number, 4))
        }
        [Argument::Reg(to, 8), Argument::Imm(number)] => {
            let mut bytes = vec![0x48 | to >> 3, 0xb8 | (to & 7)];
            bytes.extend_from_slice(&number.to_le_bytes());
            Some(Encoded { bytes, place: None })
        }
        [Argument::Reg(to, size), from] => {
            if to == 0 && !wide && matches!(from, Argument::Datum(_)) {
                // The accumulator has a form without ModRM.
                return Some(Encoded {
                    bytes: vec![0xa1, 0, 0, 0, 0],
                    place: Some(Place { offset: 1, relative: false }),
                });
            }
            form(size, 0x8b, to, memory(from)?.0, &[])
        }
        [to, Argument::Reg(from, size)] => {
            if from == 0 && !wide && matches!(to, Argument::Datum(_)) {
                let mut bytes = if size == 2 { vec![0x66] } else { Vec::new() };
                bytes.push(if size == 1 { 0xa2 } else { 0xa3 });
                let place =
                    Some(Place { offset: u8::try_from(bytes.len()).unwrap_or(u8::MAX), relative: false });
                bytes.extend_from_slice(&[0; 4]);
                return Some(Encoded { bytes, place });
            }
            form(size, if size == 1 { 0x88 } else { 0x89 }, from, memory(to)?.0, &[])
        }
        [to, Argument::Imm(number)] => {
            let (rm, size) = memory(to)?;
            let opcode = if size == 1 { 0xc6 } else { 0xc7 };
            Some(
                Form {
                    wide,
                    size,
                    opcode: &[opcode],
                    reg: 0,
                    rm,
                    force_rex: false,
                    immediate: &immediate(number, size),
                }
                .encode(),
            )
        }
        _ => None,
    }
}

/// The name of a general register.
pub fn register_name(reg: u8, size: u8) -> String {
    const LOW: [[&str; 4]; 8] = [
        ["al", "ax", "eax", "rax"],
        ["cl", "cx", "ecx", "rcx"],
        ["dl", "dx", "edx", "rdx"],
        ["bl", "bx", "ebx", "rbx"],
        ["spl", "sp", "esp", "rsp"],
        ["bpl", "bp", "ebp", "rbp"],
        ["sil", "si", "esi", "rsi"],
        ["dil", "di", "edi", "rdi"],
    ];
    let column = usize::from(size.trailing_zeros().min(3) as u8);
    match LOW.get(usize::from(reg)) {
        Some(names) => names[column].to_owned(),
        None => format!("r{reg}{}", ["b", "w", "d", ""][column]),
    }
}

/// The instruction as NASM source; `datum` stands for an address.  Memory and numbers bear a size where nothing else
/// in the line says it.
pub fn text(wide: bool, name: &str, arguments: &[Argument], datum: &str) -> String {
    let has_register = arguments.iter().any(|argument| matches!(argument, Argument::Reg(..)));
    let extends = name.starts_with("movs") || name == "movzx";
    let size_word = |size: u8| match size {
        1 => "byte ",
        2 => "word ",
        4 => "dword ",
        _ => "qword ",
    };
    let keyword = |size: u8| if size == 0 || (has_register && !extends) { "" } else { size_word(size) };
    let shown: Vec<String> = arguments
        .iter()
        .map(|argument| match *argument {
            Argument::Reg(reg, size) => register_name(reg, size),
            Argument::Imm(number) => number.to_string(),
            Argument::Address => datum.to_owned(),
            Argument::Base(base, size, disp) => {
                let base = register_name(base, if wide { 8 } else { 4 });
                let moved = if disp == 0 { String::new() } else { format!("{disp:+}") };
                format!("{}[{base}{moved}]", keyword(size))
            }
            Argument::Datum(size) => format!("{}[{}{datum}]", keyword(size), if wide { "rel " } else { "" }),
        })
        .collect();
    if shown.is_empty() { name.to_owned() } else { format!("{name} {}", shown.join(", ")) }
}
