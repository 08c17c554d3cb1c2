//! Where nasm 2.16.01 is wrong and we are not: each row says for which lines, and why.
//!
//! Judged by the manuals of Intel and AMD; where GNU as has the same syntax, it is asked below.

use std::fs;
use std::process::Command;

use object::{Object, ObjectSection};
use tinyelf::isa::x86::{Bits, Register, RegisterClass};

use crate::batch::{outcomes, shown, tinyelf};
use crate::oracle;

/// A line taken apart as far as the rows need it.
struct Line<'a> {
    bits: Bits,
    prefixes: Vec<&'a str>,
    name: &'a str,
    operands: Vec<&'a str>,
}

struct Mistake {
    of: fn(&Line<'_>) -> bool,
    reason: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        of: |line| is_fp16(line.name),
        reason: "AVX512-FP16: displacements are scaled as if elements had 4 bytes, vfm* have the opcodes of others, \
                 vgetexpsh, vgetmax*, vgetmin*, vrcpph, vreducesh mix up their operands, vcvtdq2ph ymm takes a ymm",
    },
    Mistake {
        of: |line| line.name == "vcvtusi2ss",
        reason: "with rounding and a 64-bit register it is put into opcode map 5",
    },
    Mistake {
        of: |line| line.name == "vcvtps2ph" && line.operands.len() == 2,
        reason: "AVX512-FP16's vcvtps2phx under a name of F16C, with operands of wrong sizes",
    },
    Mistake { of: |line| line.name == "ptwrite", reason: "the F3 of its opcode is missing" },
    Mistake {
        of: |line| line.name == "vmgexit",
        reason: "it is F3 0F 01 D9, not the F2 0F 01 C1 of vmmcall's kin",
    },
    Mistake {
        of: |line| line.name == "vcvtneps2bf16",
        reason: "its first operand also goes into vvvv, which must be 1111",
    },
    Mistake {
        of: |line| line.bits == Bits::B64 && matches!(line.name, "invpcid" | "enqcmd" | "enqcmds"),
        reason: "REX.W has no use here",
    },
    Mistake {
        of: |line| matches!(line.name, "call" | "jmp" | "push") && line.prefixes.contains(&"o64"),
        reason: "REX.W has no use here",
    },
    Mistake {
        of: |line| {
            matches!(line.name, "call" | "jmp")
                && ["o16", "o32"].iter().any(|size| line.prefixes.contains(size))
                && line.operands[0].contains("far")
        },
        reason: "REX.W outdoes the size that was asked for",
    },
    Mistake {
        of: |line| {
            line.name == "mov"
                && line.prefixes.contains(&"a32")
                && line.operands.iter().any(|one| one.contains("[qword"))
        },
        reason: "an address of 32 and of 64 bits at once",
    },
    Mistake {
        of: |line| matches!(line.name, "movdir64b" | "enqcmd" | "enqcmds"),
        reason: "the register is an address as wide as that in brackets: the widths are not compared, or one is ignored",
    },
    Mistake {
        of: |line| line.name == "vextractps" && is_wide_register(line.operands[0]),
        reason: "a 64-bit register asks for AVX-512 where AVX has it",
    },
    Mistake {
        of: |line| {
            ["gather", "scatter"].iter().any(|stem| line.name.contains(stem))
                && !line.operands[0].contains("{k")
        },
        reason: "gathers and scatters of AVX-512 fault without a mask",
    },
    Mistake {
        of: |line| line.name.starts_with("monitor") && !line.operands.is_empty(),
        reason: "the first operand is an address; its width needs a 67 where it is not the mode's",
    },
    Mistake {
        of: |line| {
            line.bits != Bits::B64
                && (line.name.starts_with('j') || matches!(line.name, "call" | "xbegin"))
                && line.resized()
        },
        reason: "66 changes the width of the distance, which nasm leaves as it is",
    },
    Mistake {
        of: |line| line.name == "push" && line.resized(),
        reason: "66 changes the width of the number, which nasm leaves as it is",
    },
    Mistake { of: |line| line.bits == Bits::B16 && line.name == "wrssd", reason: "66 makes it an adcx" },
    Mistake {
        of: |line| line.bits != Bits::B64 && line.name == "vmovq",
        reason: "7E with EVEX.W is vmovd outside of 64-bit mode, where W is ignored",
    },
    Mistake {
        of: |line| line.bits != Bits::B16 && line.name == "pop" && line.operands == ["cs"],
        reason: "0F is no instruction",
    },
    Mistake {
        of: |line| line.bits != Bits::B64 && line.operands.iter().any(|one| is_wide_register(one)),
        reason: "there are no registers of 64 bits: W is ignored, and the instruction is that of 32 bits",
    },
    Mistake {
        of: |line| {
            let moves = matches!(line.name, "vpextrq" | "vpinsrq");
            let converts = line.name.starts_with("vcvt") && line.name.contains("si2");
            line.bits != Bits::B64
                && (moves || converts && line.operands.iter().any(|one| one.contains("qword")))
        },
        reason: "W is ignored, so that four bytes are moved",
    },
    Mistake {
        of: |line| line.bits != Bits::B64 && line.name == "rmpadjust",
        reason: "it is an invalid opcode outside of 64-bit mode",
    },
    Mistake {
        of: |line| {
            line.bits == Bits::B64
                && matches!(
                    line.name,
                    "salc" | "jmpe" | "smi" | "loadall" | "loadall286" | "storeall" | "setalc"
                )
        },
        reason: "the opcode is another instruction or none in 64-bit mode",
    },
    Mistake {
        of: |line| line.name.starts_with("vpmaskmov") && line.operands.len() == 2,
        reason: "the mask that is left out becomes the number of the address's register",
    },
    Mistake {
        of: |line| {
            let high = |one: &&str| (16..32).any(|number| one.contains(&format!("mm{number}")));
            line.name.contains("gather") && line.operands.len() == 3 && line.operands.iter().any(high)
        },
        reason: "VEX has no registers above 15: the number is cut",
    },
    Mistake {
        of: |line| matches!(line.name, "montmul" | "xsha1" | "xsha256") && !line.prefixes.is_empty(),
        reason: "a prefix of the source takes the place of one that belongs to the opcode",
    },
];

fn is_fp16(name: &str) -> bool {
    let half = ["ph", "sh"].iter().any(|tail| name.ends_with(tail));
    let from_half = ["vcvtph2", "vcvttph2", "vcvtsh2", "vcvttsh2"].iter().any(|stem| name.starts_with(stem));
    // F16C is older than AVX512-FP16, and right.
    (name.starts_with('v') && (half || from_half) || name == "vmovw")
        && !matches!(name, "vcvtph2ps" | "vcvtps2ph")
}

fn is_wide_register(operand: &str) -> bool {
    let name = operand.rsplit(' ').next().unwrap_or(operand);
    Register::from_name(name.as_bytes()).is_some_and(|register| register.class() == RegisterClass::General64)
}

impl<'a> Line<'a> {
    fn new(bits: Bits, text: &'a str) -> Self {
        const PREFIXES: [&str; 24] = [
            "a16", "a32", "a64", "asp", "o16", "o32", "o64", "osp", "nobnd", "lock", "rep", "repe", "repz",
            "repne", "repnz", "bnd", "notrack", "wait", "xacquire", "xrelease", "{vex}", "{vex2}", "{vex3}",
            "{evex}",
        ];
        let is_prefix =
            |word: &str| PREFIXES.contains(&word) || ["es", "cs", "ss", "ds", "fs", "gs"].contains(&word);
        let (mut prefixes, mut rest) = (Vec::new(), text);
        while let Some((word, tail)) = rest.split_once(' ')
            && is_prefix(word)
        {
            prefixes.push(word);
            rest = tail;
        }
        let (name, operands) = rest.split_once(' ').unwrap_or((rest, ""));
        let operands = operands.split(',').filter(|one| !one.is_empty()).collect();
        Line { bits, prefixes, name, operands }
    }

    /// Whether a prefix asks for an operand size that is not the mode's.
    fn resized(&self) -> bool {
        let other = if self.bits == Bits::B16 { "o32" } else { "o16" };
        self.prefixes.contains(&other) || self.prefixes.contains(&"osp")
    }
}

/// Why nasm's bytes for a line are not those to have.
pub(crate) fn mistake(bits: Bits, text: &str) -> Option<&'static str> {
    let line = Line::new(bits, text);
    MISTAKES.iter().find(|mistake| (mistake.of)(&line)).map(|mistake| mistake.reason)
}

/// A line for each of the mistakes in 64-bit mode that can be written for both.
const JUDGED: [&str; 15] = [
    "vaddph xmm1,xmm2,[rax+32]",
    "vfmadd132ph xmm1,xmm2,xmm3",
    "vgetexpph xmm1,[rax+32]",
    "vreduceph xmm1,xmm2,3",
    "vrcpph xmm1,xmm2",
    "vcvtdq2ph xmm1,xmm2",
    "vmovw xmm1,ecx",
    "ptwrite eax",
    "ptwrite rax",
    "vmgexit",
    "vcvtneps2bf16 xmm1,xmm2",
    "invpcid rcx,[rbx]",
    "enqcmd rcx,[rbx]",
    "enqcmds rcx,[rbx]",
    "monitor eax,ecx,edx",
];

#[test]
fn gnu_as_encodes_as_we_do_where_nasm_does_not() {
    let Some(program) = oracle::find("as") else { return };
    let name = |end| std::env::temp_dir().join(format!("tinyelf-judged-{}.{end}", std::process::id()));
    let (source, output) = (name("s"), name("o"));
    let mut wrong = Vec::new();
    for (line, ours) in JUDGED.iter().zip(outcomes(Bits::B64, &JUDGED, tinyelf)) {
        fs::write(&source, format!(".intel_syntax noprefix\n{line}\n")).unwrap();
        let done = Command::new(&program).args(["--64", "-o"]).arg(&output).arg(&source).output().unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        let object = fs::read(&output).unwrap();
        let object = object::File::parse(&*object).unwrap();
        let theirs = Ok(object.section_by_name(".text").unwrap().data().unwrap().to_vec());
        if ours != theirs {
            wrong.push(format!("{line}: as {}, ours {}", shown(&theirs), shown(&ours)));
        }
    }
    let _ = (fs::remove_file(&source), fs::remove_file(&output));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines that nasm takes and that are refused here, in the syntax of both.
const REFUSED: [(Bits, &str); 14] = [
    (Bits::B32, "vcvttss2si rcx,xmm1"),
    (Bits::B32, "vpmovmskb rcx,ymm1"),
    (Bits::B32, "vpinsrq xmm1,xmm1,[ebx],5"),
    (Bits::B32, "vpextrq [ebx],xmm1,5"),
    (Bits::B32, "rmpadjust"),
    (Bits::B64, "vgatherdps xmm1,[rax+xmm2]"),
    (Bits::B64, "vpscatterdd [rax+xmm2],xmm1"),
    (Bits::B64, "vpmaskmovd [rbx],ymm7"),
    (Bits::B64, "vpmaskmovq [rbx],xmm7"),
    (Bits::B64, "vgatherdps xmm1,[r9+xmm22*8],xmm1"),
    (Bits::B64, "vcvtps2ph zmm1,zmm1"),
    (Bits::B64, "movdir64b ecx,[rbx]"),
    (Bits::B64, "enqcmd ecx,[rbx]"),
    (Bits::B64, "salc"),
];

#[test]
fn gnu_as_refuses_what_we_refuse_and_nasm_does_not() {
    let Some(program) = oracle::find("as") else { return };
    let name = |end| std::env::temp_dir().join(format!("tinyelf-refused-{}.{end}", std::process::id()));
    let (source, output) = (name("s"), name("o"));
    for (bits, line) in REFUSED {
        fs::write(&source, format!(".intel_syntax noprefix\n{line}\n")).unwrap();
        let mode = if bits == Bits::B64 { "--64" } else { "--32" };
        let done = Command::new(&program).args([mode, "-o"]).arg(&output).arg(&source).output().unwrap();
        assert!(!done.status.success(), "as takes {line}");
        assert!(outcomes(bits, &[line], tinyelf)[0].is_err(), "{line} is taken");
    }
    let _ = (fs::remove_file(&source), fs::remove_file(&output));
}
