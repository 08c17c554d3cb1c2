//! Sources of one idea each; the output and the messages that nasm gives for them stand at their ends.
//!
//! A file `corpus/AREA/NAME.asm` is a test.  Its first line says how it is assembled, the lines that begin with `;=`
//! what comes out:
//!
//! ```text
//! ; -f bin -w+all             nasm's words; -f, -O, -w, -W, -D, -U, -P and --before are understood
//! ; -f bin : words            the text of messages counts as well, not only line, severity and class
//! ; -f bin : refused          that there is an error is enough
//! ; -f bin : symbols          %if or %assign asks for symbols, which -E does not know
//! …
//! ;= 3: warning: beware [-w+user]
//! ;= b8 01 00 00*12           the file, hexadecimal, here with twelve zero bytes; missing after an error
//! ```
//!
//! In a source that nasm refuses we may find more mistakes than nasm, which stops early.
//!
//! `CASE=NAME` takes only the cases with such names.  `BLESS=1` lets nasm write these lines anew; else, when nasm is
//! installed, it is asked whether they hold.  Other files of a folder are there to be included.  The environment of
//! both is `GREETING=hello` and nothing else.

#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

mod case;
mod expanded;
mod limits;
mod nasm;
mod ours;
mod stress;

use case::Case;

/// Checks every case with a function that says what is wrong.
fn check_all(check: impl Fn(&Case) -> Option<String>) {
    let wrong: Vec<_> = case::all().iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{}\n{} cases", wrong.join("\n"), wrong.len());
}

#[test]
fn every_source_gives_nasms_bytes_and_messages() {
    if std::env::var_os("BLESS").is_some() {
        let nasm = nasm::Nasm::new().expect("BLESS needs nasm");
        case::all().into_iter().for_each(|case| case.bless(&nasm.outcome(&case)));
    }
    check_all(|case| case.judge(&ours::outcome(case)).map(|what| format!("{}: {what}", case.name)));
}

#[test]
fn nasm_agrees_with_what_the_sources_say() {
    let Some(nasm) = nasm::Nasm::new() else { return };
    check_all(|case| {
        let found = nasm.outcome(case);
        case::difference(&case.expected, &found, true).map(|what| format!("{}: {what}", case.name))
    });
}
