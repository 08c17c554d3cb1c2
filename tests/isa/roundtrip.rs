//! The way back: nasm's bytes for every line of the tables are decoded, printed by the decoder's own formatter and
//! assembled again.
//!
//! The decoder is not ours, so that an encoding which it reads otherwise than it was meant shows here.  What comes
//! back is the same bytes, but for the classes of lines of which the printed form says less than the source did.

use iced_x86::{
    Decoder, DecoderOptions, EncodingKind, Formatter as _, Instruction, MemorySizeOptions, NasmFormatter,
    OpKind,
};
use tinyelf::isa::x86::Bits;

use crate::batch::{outcomes, shown, tinyelf};

const DATA: [(Bits, u32, &str); 4] = [
    (Bits::B64, 64, include_str!("../data/x86/idioms64.tsv")),
    (Bits::B64, 64, include_str!("../data/x86/nasm64.tsv")),
    (Bits::B32, 32, include_str!("../data/x86/nasm32.tsv")),
    (Bits::B16, 16, include_str!("../data/x86/nasm16.tsv")),
];

fn formatter() -> NasmFormatter {
    let mut formatter = NasmFormatter::new();
    let options = formatter.options_mut();
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_branch_leading_zeros(false);
    options.set_displacement_leading_zeros(false);
    options.set_memory_size_options(MemorySizeOptions::Always);
    options.set_nasm_show_sign_extended_immediate_size(true);
    options.set_use_pseudo_ops(false);
    options.set_rip_relative_addresses(false);
    formatter
}

fn decoded(width: u32, bytes: &[u8]) -> Option<Instruction> {
    let mut decoder = Decoder::with_ip(width, bytes, 0, DecoderOptions::MPX);
    let one = decoder.decode();
    (!one.is_invalid() && one.len() == bytes.len()).then_some(one)
}

/// Bytes as hexadecimal digits have them.
fn bytes(digits: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("pairs of digits");
    (0..digits.len()).step_by(2).map(pair).collect()
}

/// The line that the decoder makes of an instruction at 0: a target is told as a distance, since the line will stand
/// elsewhere, and the wrapping that the formatter does not tell is asked for.
fn printed(formatter: &mut NasmFormatter, one: &Instruction) -> String {
    let mut text = String::new();
    formatter.format(one, &mut text);
    let absolute = |value: u64| if value < 10 { value.to_string() } else { format!("{value:#x}") };
    let target = one.near_branch_target();
    let distance = match one.op0_kind() {
        OpKind::NearBranch16 => Some(i64::from(target as i16)),
        OpKind::NearBranch32 => Some(i64::from(target as i32)),
        OpKind::NearBranch64 => Some(target as i64),
        _ => None,
    };
    if let (Some(distance), Some((before, after))) = (distance, text.rsplit_once(&absolute(target))) {
        text = format!("{before}{}{after}", from_here(distance));
    }
    if one.is_ip_rel_memory_operand() {
        let target = one.ip_rel_memory_address();
        text = text.replace(&absolute(target), &from_here(target as i64));
    }
    match one.code().op_code().encoding() {
        EncodingKind::VEX => format!("{{vex}} {text}"),
        EncodingKind::EVEX => format!("{{evex}} {text}"),
        _ => text,
    }
}

fn from_here(distance: i64) -> String {
    if distance < 0 { format!("$-{:#x}", distance.unsigned_abs()) } else { format!("$+{distance:#x}") }
}

/// Why a line's bytes are not those that come back, though these mean the same.
fn says_more(source: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| source.contains(part));
    if has(&["strict ", "nosplit ", "[byte ", "[dword ", "byte 1", "near ", "{vex3} "]) {
        return Some("the source asks for the longer of two encodings, which the decoder does not tell");
    }
    if has(&["umov ", "ibts ", "xbts ", "cmpxchg486 "]) {
        return Some("later processors have the opcode for another instruction");
    }
    None
}

#[test]
fn what_the_decoder_prints_is_assembled_to_the_same_bytes() {
    let mut formatter = formatter();
    let (mut wrong, mut total, mut left) = (Vec::new(), 0, 0);
    for (bits, width, data) in DATA {
        let rows = data.lines().filter_map(|row| row.split_once('\t'));
        let known =
            rows.filter_map(|(digits, source)| Some((digits, source, decoded(width, &bytes(digits))?)));
        let known: Vec<_> = known.collect();
        total += data.lines().count();
        left += data.lines().count() - known.len();
        let lines: Vec<String> = known.iter().map(|(_, _, one)| printed(&mut formatter, one)).collect();
        for ((digits, source, _), (line, again)) in
            known.iter().zip(lines.iter().zip(outcomes(bits, &lines, tinyelf)))
        {
            let again = shown(&again);
            if again == *digits {
                continue;
            }
            match says_more(source) {
                Some(_) => left += 1,
                None => {
                    wrong.push(format!("{source}\n    printed {line}\n    from  {digits}\n    again {again}"))
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {total} lines differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(left * 100 < total, "{left} of {total} lines cannot go back");
}
