//! What is said about scripts that are wrong, with its place.

use tinyelf::elf::records::Machine;

use crate::build::said;

fn check_on(machine: Machine, text: &str, expected: &str) {
    assert_eq!(said(text, machine), expected, "{text}");
}

fn check(text: &str, expected: &str) {
    check_on(Machine::X86_64, text, expected);
}

#[test]
fn calls_that_do_not_exist_name_the_nearest_or_what_the_machine_has_instead() {
    check("wrote(1)", "t.sys:1:1: error: no system call is called `wrote`\n  hint: did you mean `write`?");
    check_on(
        Machine::Aarch64,
        "f = open(\"/x\", O_RDONLY)",
        "t.sys:1:5: error: aarch64 has no system call `open`\n  hint: use `openat(AT_FDCWD, path, flags)`",
    );
    check_on(
        Machine::I386,
        "space b 9\npread64(0, b, 9, 0)",
        "t.sys:2:1: error: on i386 `pread64` takes a 64-bit value in two registers\n  \
         hint: pass the halves: `syscall(180, fd, buf, count, offset_low, offset_high)`",
    );
}

#[test]
fn arguments_are_counted_and_must_fit() {
    check("getpid(1)", "t.sys:1:1: error: `getpid` takes no arguments, found 1");
    check("p = 1\nwrite(1, p)", "t.sys:2:1: error: `write` takes 3 arguments, found 2");
    check(
        "exit(0x100000000)",
        "t.sys:1:6: error: 4294967296 does not fit `status`, which has 32 bits\n\
         t.sys:1:6: warning: a process ends with a status of 0 to 255; 4294967296 becomes 0 [exit-status-range]",
    );
    check(
        "exit(256)",
        "t.sys:1:6: warning: a process ends with a status of 0 to 255; 256 becomes 0 [exit-status-range]",
    );
}

#[test]
fn names_must_be_assigned_somewhere_and_only_variables_are() {
    check("exit(x)", "t.sys:1:6: error: `x` is assigned nowhere\n  hint: give it a value first: `x = 0`");
    check(
        "count = 1\nexit(cuont)",
        "t.sys:2:6: error: `cuont` is assigned nowhere\n  hint: did you mean `count`?",
    );
    check(
        "O_RDONLY = 1",
        "t.sys:1:1: error: `O_RDONLY` cannot be assigned to\n  hint: take another name for the variable",
    );
    check(
        "data d = \"x\"\nd = 1",
        "t.sys:2:1: error: `d` cannot be assigned to\n  hint: take another name for the variable",
    );
}

#[test]
fn read_only_memory_is_not_written() {
    check(
        "data d = \"x\"\nu8[d] = 1",
        "t.sys:2:4: error: this stores to read-only data\n  hint: declare it writable: `mut data d …`",
    );
    check(
        "data d = \"x\"\nread(0, d)",
        "t.sys:2:9: error: the kernel writes to `buf`, and this is read-only\n  \
         hint: declare it writable: `mut data d …`",
    );
    check("mut data d = \"x\"\nu8[d] = 1\nread(0, d)", "");
    // Where in it is known at run time only.
    check(
        "data d { a: u8 1; b: u8 2 }\ni = argc\nu8[d.b + i * 2 - 1] = 1",
        "t.sys:3:4: error: this stores to read-only data\n  hint: declare it writable: `mut data d …`",
    );
    check(
        "data d = \"x\"\nread(0, argc + d, 1)",
        "t.sys:2:9: error: the kernel writes to `buf`, and this is read-only\n  \
         hint: declare it writable: `mut data d …`",
    );
    check("data d = \"x\"\nspace s 9\nu8[s + u8[d + argc]] = 1\nu8[s - d + argc + s] = 1", "");
}

#[test]
fn constants_are_wanted_where_the_build_needs_them() {
    check("a = 1\nspace s a", "t.sys:2:9: error: a constant is wanted here");
    check("a = argc\nb = 1 / a", "t.sys:2:9: error: the right side of `/` and `%` must be a constant");
    check("b = argc / 0", "t.sys:1:12: error: the right side of `/` and `%` is 0; it must be at least 1");
}

#[test]
fn parameters_are_declared_once_in_order_and_with_values_of_their_type() {
    check("param a: port = 1\nparam b: port\nexit(a + b)", "t.sys:2:7: error: `b` needs a default");
    check(
        "param --a: port \"p\"\nexit(a)",
        "t.sys:1:9: error: `--a` needs a default\n  \
         hint: an option may be left out: write `= VALUE` behind its type\n\
         t.sys:2:6: error: `a` is assigned nowhere\n  hint: give it a value first: `a = 0`",
    );
    check("param a: port\nparam a: port", "t.sys:2:7: error: `a` is declared twice");
    check("param a: int 0..9 = 10", "t.sys:1:7: error: 10 is out of range for `a`");
    check("param a: port = 0\nexit(a)", "t.sys:1:7: error: 0 is out of range for `a`");
    check("param a: ip = 1.2.3\nexit(a)", "t.sys:1:7: error: `1.2.3` for `a` is no IPv4 address");
    check(
        "param a: syscall = \"opennat\"\nsyscall(a)",
        "t.sys:1:7: error: no system call is called `opennat`\n  hint: did you mean `openat`?",
    );
    check("param a: string = 1", "t.sys:1:19: error: the default is no `string`");
    check(
        "param a: float",
        "t.sys:1:10: error: `float` is no type of a parameter\n  \
         hint: there are `int LOW..HIGH`, `string`, `line`, `ip`, `port`, `syscall` and `word`",
    );
    check("param a: ip = 127.0.0.1 \"h\"\nparam --b: word = \"O_RDWR\" \"h\"\nexit(a + b & 1)", "");
}

#[test]
fn loops_are_left_from_inside_only() {
    check("break", "t.sys:1:1: error: `break` outside of a loop");
    check("if argc { continue }", "t.sys:1:11: error: `continue` outside of a loop");
}

#[test]
fn code_that_is_never_reached_is_warned_of_once() {
    check("exit(0)\na = 1\nb = 2", "t.sys:2:1: warning: this is never reached [unreachable-code]");
    check("loop { break; a = 1 }", "t.sys:1:15: warning: this is never reached [unreachable-code]");
}

#[test]
fn numbers_must_fit_the_word_and_have_one_reading() {
    check(
        "chmod(\"x\", 0644)",
        "t.sys:1:12: error: `0644` may be read in two ways\n  hint: write `0o644` (octal) or `644` (decimal)",
    );
    check_on(
        Machine::I386,
        "a = 4294967296",
        "t.sys:1:5: error: 4294967296 does not fit the 32-bit word of i386",
    );
    check_on(
        Machine::I386,
        "a = u64[argv]",
        "t.sys:1:5: error: i386 has no `u64`\n  hint: its word has 32 bits; read two `u32`",
    );
    check("a = -9223372036854775808", "");
    check(
        "a = 9223372036854775808",
        "t.sys:1:5: error: 9223372036854775808 does not fit the 64-bit word of x86_64",
    );
}

#[test]
fn grammar_mistakes_are_reported_once_each() {
    check("a = = 1\nb = 2", "t.sys:1:5: error: expected a value, found `=`");
    check("if argc { a = 1", "t.sys:1:16: error: a block is not closed: `}` is missing");
    check(
        "a = \"x\nb = 1",
        "t.sys:1:5: error: this string has no closing `\"`\n  hint: a line break inside a string is written `\\n`",
    );
    check(
        "a = 'ab'",
        "t.sys:1:5: error: single quotes hold exactly one byte\n  hint: a string is written with double quotes",
    );
    check("argc + 1", "t.sys:1:1: error: this value is computed and thrown away\n  hint: assign it: `x = …`");
}
