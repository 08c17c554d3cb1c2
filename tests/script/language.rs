//! What statements and expressions do, on every machine and in every layout.

use std::collections::BTreeMap;

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;
use tinyelf::pipeline::{self, Language, Options, Source};
use tinyelf::source::{Diagnostics, MemoryLoader, SourceMap};

use crate::build::{build, run};

const LAYOUTS: [Kind; 2] = [Kind::Standard, Kind::Compact];

/// Runs a script everywhere; it must print and end as expected.
fn check_with(text: &str, arguments: &[&str], input: &str, expected: &str, status: i32) {
    for machine in Machine::ALL {
        for layout in LAYOUTS {
            let place = format!("{} {layout:?}\n{text}", machine.name());
            let bytes = build(text, machine, layout).unwrap_or_else(|wrong| panic!("{place}\n{wrong}"));
            let Some(output) = run(machine, &bytes, arguments, input.as_bytes()) else { continue };
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(printed, expected, "{place}");
            assert_eq!(output.status.code(), Some(status), "{place}\n{:?}", output.status);
        }
    }
}

fn check(text: &str, expected: &str, status: i32) {
    check_with(text, &[], "", expected, status);
}

#[test]
fn the_script_of_the_introduction_counts_to_three() {
    let text = "# count to three
n = 0
while n < 3 {
  write(1, \"tick\\n\")
  n = n + 1
}
if n == 3 { exit(40 + n) } else { exit(1) }
";
    check(text, "tick\ntick\ntick\n", 43);
}

#[test]
fn the_end_of_a_script_exits_with_0() {
    check("", "", 0);
    check("a = 1", "", 0);
}

/// Each condition must hold, both folded when the script is built and computed when it runs: `V` is 1 or `argc`.
fn check_true(conditions: &[&str]) {
    for value in ["1", "argc"] {
        let mut text = String::new();
        for (number, condition) in conditions.iter().enumerate() {
            let condition = condition.replace('V', value);
            let status = number + 1;
            text.push_str(&format!("r = {condition}\nif r != 1 {{ exit({status}) }}\nif {condition} {{}} else {{ exit({status}) }}\n"));
        }
        check(&text, "", 0);
    }
}

#[test]
fn arithmetic_is_that_of_the_signed_word() {
    check_true(&[
        "V + 2 == 3",
        "V - 3 == -2",
        "(V + 6) * 3 == 21",
        "V * 1000 == 1000",
        "(V - 8) / 2 == -3",
        "(V - 8) % 4 == -3",
        "(V + 99) / 7 == 14",
        "(V + 99) % 7 == 2",
        "(V - 11) / 3 == -3",
        "(V - 9) / 8 == -1",
        "-V == 0 - 1",
        "~V == -2",
        "(V | 6) == 7",
        "(V + 6 & 3) == 3",
        "(V + 2 ^ 5) == 6",
        "V + 6 & 3 == 3",
        "V << 4 == 16",
        "V << 64 == 1",
        "(V - 9) >> 1 == -4",
        "(V - 2) >>> 28 > 0",
        "V + 0x7fffffff - 1 == 0x7fffffff",
        "(V + 123456788) * 3 == 370370367",
        "V * -1 == -1",
        "V + 2000 == 2001",
        "V + 5000 == 5001",
        "V - 5000 == -4999",
        "(V + 0xff0 & 0xf0f) == 0xf01",
    ]);
}

#[test]
fn comparisons_are_signed_and_give_0_or_1() {
    check_true(&[
        "(V < 2) == 1",
        "(V < 1) == 0",
        "(V <= 1) + (V >= 1) == 2",
        "(V > 0) == 1",
        "(V > 1) == 0",
        "(V - 2 < 0) == 1",
        "(V != 1) == 0",
        "(V != 2) == 1",
        "(V == 5000) == 0",
        "(V <= -5000) == 0",
        "(V > 5000) == 0",
        "ult(V, -1)",
        "ult(-1, V) == 0",
        "ult(V - 2, 5) == 0",
        "err(V - 2)",
        "err(V - 4096)",
        "err(V) == 0",
        "err(V - 4097) == 0",
        "!V == 0",
        "!(V - 1) == 1",
        "!(V < 0)",
        "(V && 0) == 0",
        "(V && 7) == 1",
        "(V - 1 || 0) == 0",
        "(V - 1 || V) == 1",
        "V == 1 && V < 2 || V == 9",
        "!(V == 2 || V == 3 && V)",
        "(2 > V) == 1",
        "(0 >= V) == 0",
    ]);
}

#[test]
fn shifts_by_a_variable_count_are_modulo_the_width() {
    check_true(&[
        "(3 << V) == 6",
        "(-8 >> V) == -4",
        "(-1 >>> V) > 0",
        "V << (V + 3) == 16",
        "(1 << V + 63) == V",
    ]);
}

#[test]
fn memory_beyond_the_reach_of_short_addresses_is_read_and_written() {
    let text = "space big 70000
space far 8
i = 0
while i < 70000 { u8[big + i] = i >> 8; i = i + 997 }
u8[far] = 77
p = big + 69999
u8[p] = 5
exit(u8[big + 69999] + u8[far] + u8[big + 997 * 70] - 0x110 % 256)
";
    // 997 * 70 is 0x1109e.
    check(text, "", 5 + 77);
    // A base that nobody expected.
    let mut options = Options::new(Machine::Riscv64);
    options.layout.kind = Kind::Compact;
    options.layout.image_base = Some(0x40_0000);
    let text = b"write(1, \"far\\n\")".as_slice().into();
    let language = Language::Script(BTreeMap::new());
    let source = Source { name: "t.sys".into(), text, strict: true, language };
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = pipeline::build(&[source], &options, &MemoryLoader::default(), &mut map, &mut diagnostics);
    let bytes = built.unwrap();
    if let Some(output) = run(Machine::Riscv64, &bytes, &[], b"") {
        assert_eq!(output.stdout, b"far\n");
    }
}

#[test]
fn memory_is_read_and_written_in_every_width() {
    let text = "space s 32
mut data d { a: u8 0xff; align 2; b: u16 0x8001; c: u32 0x80000002; e: word -5; f: u16be 0x1234 }
if u8[d] != 255 { exit(1) }
if i8[d.a] != -1 { exit(2) }
if u16[d.b] != 0x8001 { exit(3) }
if i16[d.b] != -32767 { exit(4) }
if i32[d.c] != -2147483647 - 1 + 2 { exit(5) }
if word[d.e] != -5 { exit(6) }
if u8[d.f] != 0x12 || u8[d.f + 1] != 0x34 { exit(7) }
p = s + argc
u8[p] = 300
u16[p + 1] = 0x1234
if u32[p] != 0x12342c { exit(8) }
u32[s + 8] = -1
if u16[s + 10] != 0xffff || u8[s + 12] != 0 { exit(9) }
word[s + 16] = p
if word[s + 16] != p { exit(10) }
i = 0
while i < 4 { u8[s + i] = 'a' + i; i = i + 1 }
write(1, s, 4)
u8[d] = i
if u8[d.a] != 4 { exit(11) }
";
    check(text, "abcd", 0);
}

#[test]
fn arguments_and_environment_are_where_the_kernel_put_them() {
    let text = "i = 1
while i < argc { write(1, argv[i], strlen(argv[i])); write(1, \"\\n\"); i = i + 1 }
if argv[argc] { exit(1) }
if word[argv + argc * WORD] { exit(2) }
if strlen(argv[1]) != 3 { exit(3) }
if !envp[0] { exit(4) }
if word[envp] != envp[0] { exit(5) }
exit(argc)
";
    check_with(text, &["abc", "", "d e"], "", "abc\n\nd e\n", 4);
}

#[test]
fn loops_are_left_and_continued() {
    let text = "n = 0
sum = 0
loop {
  n = n + 1
  if n % 2 { continue }
  if n > 10 { break }
  sum = sum + n
  k = 0
  while 1 { k = k + 1; if k == 3 { break } }
  sum = sum + k
}
if sum == 45 { exit(7) } else if sum > 45 { exit(2) }
else { exit(1) }
";
    check(text, "", 7);
}

#[test]
fn more_variables_than_registers_keep_their_values_over_calls() {
    let mut text = String::new();
    for number in 0..40 {
        text.push_str(&format!("v{number} = argc + {number}\n"));
    }
    text.push_str("p = getpid()\nwrite(1, \"x\")\nif getpid() != p { exit(2) }\n");
    for number in 0..40 {
        text.push_str(&format!("v{number} = v{number} * 2 + p - p\n"));
    }
    text.push_str("getppid()\nsum = 0\n");
    for number in 0..40 {
        text.push_str(&format!(
            "if v{number} != {} {{ exit(3) }}\nsum = sum + v{number} - v{}\n",
            2 * (number + 1),
            39 - number
        ));
    }
    text.push_str("exit(sum + 5)\n");
    check(&text, "x", 5);
}

#[test]
fn deep_expressions_need_no_more_registers_than_there_are() {
    let mut expression = "argc".to_owned();
    for number in 0..30 {
        expression = format!("({number} + argc * ({expression} - argc))");
    }
    let mut expected = 1_i64;
    for number in 0..30 {
        expected = number + (expected - 1);
    }
    check(&format!("if {expression} == {expected} {{ exit(9) }}"), "", 9);
}

#[test]
fn strings_and_data_join_share_and_end_where_their_users_want() {
    let text = "data whole = \"Hello, World!\\n\"
data words { word \"one\"; word whole; word 0 }
write(1, whole)
write(1, \"World!\\n\")
write(1, \"a\" \"b\\x21\\n\")
write(1, word[words], strlen(word[words]))
write(1, word[words + WORD], len(whole))
p = \"text\"
write(1, p, strlen(p))
exit(len(\"four\") + strlen(\"four\") + len(words) / WORD)
";
    check(text, "Hello, World!\nWorld!\nab!\noneHello, World!\ntext", 11);
}

#[test]
fn calls_nest_and_their_results_are_values() {
    let text = "space b 16
n = read(0, b)
write(1, b, write(2, b, n))
exit((close(99) == -EBADF) + 2 * err(close(98)))
";
    check_with(text, &[], "input\n", "input\n", 3);
}

#[test]
fn constants_and_calls_are_those_of_the_machine() {
    let text = "fd = openat(AT_FDCWD, \"/\", O_RDONLY | O_DIRECTORY)
if fd < 0 { exit(1) }
if openat(AT_FDCWD, \"/dev/null\", O_RDONLY | O_DIRECTORY) != -ENOTDIR { exit(2) }
p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
if err(p) { exit(3) }
word[p] = 77
if getuid() != geteuid() { exit(4) }
syscall(argc * 0 + 1, 0, 0, 0)
exit(word[p])
";
    let text = text.replace("syscall(argc * 0 + 1, 0, 0, 0)\n", "");
    check(&text, "", 77);
}

#[test]
fn a_parameter_without_a_value_is_read_when_the_program_runs() {
    let text = "param n: int 0..200 \"a status\"
param text: string \"a word\"
write(1, text, strlen(text))
exit(n)
";
    check_with(text, &["42", "hey"], "", "hey", 42);
    check_with(text, &["42"], "", "", 2);
    check_with(text, &["201", "x"], "", "", 2);
    check_with(text, &["4x", "x"], "", "", 2);
    check_with(text, &["", "x"], "", "", 2);
    let text = "param a: ip \"an address\"\nif a == 0x7f000001 { exit(3) } else { exit(1) }";
    check_with(text, &["127.0.0.1"], "", "", 3);
    check_with(text, &["127.0.0"], "", "", 2);
    check_with(text, &["127.0.0.256"], "", "", 2);
    check_with(text, &["127.0.0.1x"], "", "", 2);
}

#[test]
fn an_address_that_is_held_where_the_sum_goes_is_not_lost() {
    // The call leaves the address in an argument's register, which becomes the home of `area + v0`.
    for count in 1..7 {
        let names: Vec<String> = (0..count).map(|number| format!("v{number}")).collect();
        let set: String = (0..count).map(|number| format!("v{number} = argc + {number}\n")).collect();
        let text = format!(
            "space area 32\n{set}read(-1, area, 4)\nu8[area + v0] = v0\nexit(u8[area + 1] + {})\n",
            names.join(" + ")
        );
        check(&text, "", 1 + count + count * (count - 1) / 2);
    }
}

#[test]
fn a_value_that_is_held_where_the_address_goes_is_not_lost() {
    // The complement leaves -1 in a work register, in which the address of the store is then built.
    let text = "space area 32
v = ~(5 - u16[area + 20])
u8[area + (argc & 31)] = v
write(1, \"\")
u16[area + 30] = -1
exit((u16[area + 30] == 0xffff) + 2 * (u8[area + 1] == 250))
";
    check(text, "", 3);
}
