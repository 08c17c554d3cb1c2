//! Sources that would not end, or would fill the memory, end soon in an error.

use std::time::{Duration, Instant};

use crate::case::{Case, Outcome};
use crate::ours;

/// An unoptimized build on a busy machine takes about a tenth of it.
const SOON: Duration = Duration::from_secs(20);

#[track_caller]
fn run(source: &str) -> Outcome {
    let case = Case::new("limits.asm".to_owned(), "/".into(), format!("; -f bin\n{source}\n").as_bytes());
    let begin = Instant::now();
    let outcome = ours::outcome(&case);
    assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
    outcome
}

#[track_caller]
fn check(source: &str, line: u32, message: &str) {
    let outcome = run(source);
    assert!(outcome.bytes.is_none(), "it was assembled");
    let first = &outcome.messages[0];
    let start: String = first.text.chars().take(100).collect();
    assert_eq!((first.line, &first.kind[..], &start[..]), (line + 1, "error", message));
}

fn chain(count: u32, define: impl Fn(u32) -> String) -> String {
    (0..count).map(|n| define(n) + "\n").collect()
}

#[test]
fn repetitions_are_counted() {
    check("%rep 1<<40\nnop\n%endrep", 1, "`%rep` count 1099511627776 exceeds limit (currently 1000000)");
    check("%pragma limit rep 5\n%rep 6\nnop\n%endrep", 2, "`%rep` count 6 exceeds limit (currently 5)");
}

#[test]
fn macros_that_call_each_other_end() {
    let source = "%rmacro one 0\ntwo\n%endmacro\n%rmacro two 0\none\n%endmacro\none";
    check(source, 7, "interminable multi-line macro recursion");
    let source = "%rmacro one 0\none\none\n%endmacro\none";
    check(source, 5, "interminable multi-line macro recursion");
}

/// nasm's limits: 100,000 calls until the outermost ends.
#[test]
fn calls_are_counted_until_the_outermost_ends() {
    let source = |turns: u32| {
        format!("%macro in 0\n%endmacro\n%macro out 0\n%rep {turns}\nin\n%endrep\n%endmacro\nout\nout")
    };
    assert!(run(&source(99_999)).bytes.is_some());
    check(&source(100_000), 8, "interminable multi-line macro recursion");
}

#[test]
fn errors_without_end_are_not_all_told() {
    let messages = run(&"foo bar\n".repeat(20_000)).messages;
    assert_eq!(messages.len(), 10_001);
    assert_eq!(&messages[10_000].text[..], "more than 10000 errors; what follows is not read");
}

#[test]
fn a_file_that_includes_itself_ends() {
    let folder = crate::tool::Folder::new();
    let path = folder.path("self.inc");
    folder.write("self.inc", format!("%include '{}'\n", path.display()));
    let shown = format!("`{}` is included 200 files deep", path.display());
    check(&format!("%include '{}'", path.display()), 0, &shown.chars().take(100).collect::<String>());
}

#[test]
fn macros_nest_so_deep() {
    let plain = chain(10_100, |n| format!("%define a{} a{n}", n + 1));
    check(&(plain + "db a10100"), 10_101, "interminable macro recursion");
    let called = chain(10_100, |n| format!("%define a{}(x) a{n}(x)", n + 1));
    check(&(called + "db a10100(1)"), 10_101, "interminable macro recursion");
    let asked = chain(10_100, |n| format!("%define a{} %is(a{n})", n + 1));
    check(&(asked + "db a10100"), 10_101, "interminable macro recursion");
    let computed = format!("db {}1{}", "%eval(1+".repeat(1000), ")".repeat(1000));
    check(&computed, 1, "interminable macro recursion");
    let brackets = format!("db {}1{}", "%[".repeat(1000), "]".repeat(1000));
    check(&brackets, 1, "`%[` nests too deeply");
}

#[test]
fn macros_nest_as_deeply_as_nasm_lets_them() {
    let plain = chain(9_000, |n| format!("%define a{} a{n}", n + 1));
    check(&format!("%define a0 17\n{plain}%error a9000"), 9_002, "17");
    let called = chain(9_000, |n| format!("%define a{}(x) a{n}(x)", n + 1));
    check(&format!("%define a0(x) x\n{called}%error a9000(18)"), 9_002, "18");
    let computed = chain(5_000, |n| format!("%define a{} %eval(a{n} + 1)", n + 1));
    check(&format!("%define a0 1\n{computed}%error a5000"), 5_002, "5001");
}

#[test]
fn text_does_not_grow_for_ever() {
    let doubled = chain(40, |n| format!("%define d{}(x) d{n}(x) d{n}(x)", n + 1));
    check(
        &format!("%pragma limit macro-tokens 20000\n%define d0(x) x\n{doubled}db d40(1)"),
        43,
        "interminable macro recursion",
    );
    let grown = "%pragma limit macro-tokens 20000\n%define x 1\n%rep 60\n%xdefine x x + x\n%endrep\ndb x";
    check(grown, 4, "interminable macro recursion");
    check("%define x 'ab'\n%rep 40\n%strcat x x, x\n%endrep", 3, "the text of `x` would have 67108866 bytes");
}

#[test]
fn expressions_have_a_depth_but_no_length() {
    let long = format!("%assign x {}1\n%error sum is x", "1+".repeat(1_000_000));
    check(&long, 2, "sum is 1000001");
    check(&format!("db {}1", "-".repeat(1_000_000)), 1, "this expression is nested too deeply");
    check(&format!("%assign x {}1", "(".repeat(1_000_000)), 1, "this expression is nested too deeply");
}

#[test]
fn output_is_bounded_before_it_is_made() {
    check("times 0xffffffff db 0", 1, "4294967295 times 1 bytes are more than the output may have (2 GiB)");
    check("db 100000 dup (100000 dup (1))", 1, "100000 times 100000 bytes are more than the output may have");
}
