//! What `--help`, `--version`, `completions` and `man` print.

use crate::oracle;
use crate::tool::Folder;

#[test]
fn help_opens_with_four_examples_and_lists_templates_apart() {
    let said = Folder::new().tinyelf(["--help"]).succeeds();
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(lines[2], "Examples:");
    assert!(lines[3..7].iter().all(|line| line.starts_with("  tinyelf ")), "{}", said.stdout);
    assert_eq!(lines[7], "");
    let templates = said.stdout.split("Templates (").nth(1).unwrap();
    assert!(templates.contains("\n  hello "), "{templates}");
    let commands = said.stdout.split("Commands:").nth(1).unwrap().split("Templates (").next().unwrap();
    assert!(commands.contains("\n  build ") && !commands.contains("\n  hello "), "{commands}");
}

#[test]
fn every_command_has_an_example() {
    for command in ["build", "run", "sys", "syscalls", "explain", "completions", "man", "hello", "exit"] {
        let said = Folder::new().tinyelf([command, "--help"]).succeeds();
        assert!(said.stdout.contains("Example"), "{command}: {}", said.stdout);
        assert!(said.stdout.contains(&format!("\n  tinyelf {command}")), "{command}: {}", said.stdout);
    }
}

#[test]
fn version_is_one_line() {
    let expected = concat!("tinyelf ", env!("CARGO_PKG_VERSION"), "\n");
    Folder::new().tinyelf(["--version"]).says(0, expected, "");
}

#[test]
fn completions_know_commands_templates_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = Folder::new().tinyelf(["completions", shell]).succeeds();
        for word in ["build", "hello", "layout", "message-format"] {
            assert!(said.stdout.contains(word), "{shell} does not know {word}");
        }
    }
    let said = Folder::new().tinyelf(["completions", "bash"]).succeeds();
    if let Some(bash) = oracle::find("bash") {
        Folder::new().command(bash, ["-n"]).stdin(said.stdout).says(0, "", "");
    }
}

#[test]
fn the_manual_page_is_made_for_tinyelf_and_for_each_command() {
    let said = Folder::new().tinyelf(["man"]).succeeds();
    assert!(said.stdout.contains(".TH tinyelf 1"), "{}", said.stdout);
    let said = Folder::new().tinyelf(["man", "build"]).succeeds();
    assert!(said.stdout.contains("\\-\\-entry"), "{}", said.stdout);
    Folder::new().tinyelf(["man", "nothing"]).says(2, "", "error: no command is called `nothing`\n");
}

#[test]
fn nasm_has_its_own_version_and_help() {
    let version = concat!("NASM version 2.16.01 (tinyelf ", env!("CARGO_PKG_VERSION"), ")\n");
    for option in ["-v", "--v", "--version"] {
        Folder::new().tinyelf(["nasm", option]).says(0, version, "");
    }
    let said = Folder::new().tinyelf(["nasm", "-h"]).succeeds();
    assert!(said.stdout.starts_with("Usage: nasm "), "{}", said.stdout);
}

#[test]
fn instructions_are_listed_with_modes_and_extensions() {
    let page = "form       modes     encoding  extensions\n\
                bswap r16  16 32 64  legacy    486\n\
                bswap r32  16 32 64  legacy    486\n\
                bswap r64        64  legacy    X64\n";
    Folder::new().tinyelf(["instructions", "BSWAP"]).says(0, page, "");
    let page = "form        modes     encoding  extensions\n\
                seta r8/m8  16 32 64  legacy    386\n\
                also written setnbe\n";
    Folder::new().tinyelf(["instructions", "seta"]).says(0, page, "");
    let json = "[\n{\"mnemonic\":\"vp2intersectd\",\"aliases\":[],\"forms\":[\
                {\"form\":\"vp2intersectd k,xmm,xmm/m128/m32bcst\",\"modes\":[16,32,64],\"encoding\":\"evex\",\
                \"extensions\":[\"AVX512VL\",\"AVX512_VP2INTERSECT\"],\"lock\":false},\
                {\"form\":\"vp2intersectd k,ymm,ymm/m256/m32bcst\",\"modes\":[16,32,64],\"encoding\":\"evex\",\
                \"extensions\":[\"AVX512VL\",\"AVX512_VP2INTERSECT\"],\"lock\":false},\
                {\"form\":\"vp2intersectd k,zmm,zmm/m512/m32bcst\",\"modes\":[16,32,64],\"encoding\":\"evex\",\
                \"extensions\":[\"AVX512F\",\"AVX512_VP2INTERSECT\"],\"lock\":false}]}\n]\n";
    Folder::new().tinyelf(["instructions", "vp2intersectd", "--json"]).says(0, json, "");
    let all = Folder::new().tinyelf(["instructions"]).succeeds().stdout;
    assert!(all.lines().count() > 2_000 && all.contains("\nadd "), "{all}");
    let wrong = "error: there is no instruction `addd`; did you mean `aadd` or `add`";
    let said = Folder::new().tinyelf(["instructions", "addd"]).output();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).starts_with(wrong));
}

#[test]
fn system_calls_are_listed_by_name_and_number() {
    let write =
        "write(fd: fd, buf: in, count: size)\n  x86_64   rax=1, rdi=fd, rsi=buf, rdx=count, syscall\n";
    let i386 = "  i386     eax=4, ebx=fd, ecx=buf, edx=count, int 0x80\n";
    Folder::new().tinyelf(["syscalls", "write", "--arch", "x64,386"]).says(0, &format!("{write}{i386}"), "");
    Folder::new().tinyelf(["syscalls", "1", "--arch", "x64"]).says(0, write, "");
    let said = Folder::new().tinyelf(["syscalls", "--emit", "nasm"]).succeeds();
    assert!(said.stdout.contains("\n%define SYS_exit 60\n"), "{}", said.stdout);
    let said = Folder::new().tinyelf(["syscalls", "--emit=nasm", "--arch=i386"]).succeeds();
    assert!(said.stdout.contains("\n%define SYS_exit 1\n"), "{}", said.stdout);
    let said = Folder::new().tinyelf(["syscalls", "--json", "exit", "--arch", "rv64"]).succeeds();
    let json = "[\n{\"name\":\"exit\",\"parameters\":[{\"name\":\"status\",\"kind\":\"int\",\"optional\":true}],\
                \"machines\":{\"riscv64\":{\"number\":93,\"call\":\"exit\",\"instruction\":\"ecall\",\
                \"number_in\":\"a7\",\"registers\":[\"a0\"]}}}\n]\n";
    assert_eq!(said.stdout, json);
}
