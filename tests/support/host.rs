//! What this machine can execute, asked once by executing it, and said loudly where it cannot.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::print_stderr, reason = "what a test leaves out must be seen")]

use std::sync::OnceLock;

/// Whether 64-bit x86 programs run here.
pub(crate) fn runs_x86_64() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    // mov eax,60 / mov edi,42 / syscall
    let code = [0xb8, 60, 0, 0, 0, 0xbf, 42, 0, 0, 0, 0x0f, 0x05];
    *ANSWER.get_or_init(|| exits_with_42(&elf64(&code)) || left_out("64-bit x86 programs"))
}

/// Whether 32-bit x86 programs run here.
pub(crate) fn runs_i386() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| exits_with_42(&elf32(&INT_80_EXIT)) || left_out("32-bit x86 programs"))
}

/// Whether 64-bit programs may use `int 0x80` here.
pub(crate) fn runs_int_80() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| exits_with_42(&elf64(&INT_80_EXIT)) || left_out("`int 0x80` in 64-bit programs"))
}

/// mov eax,1 / mov ebx,42 / int 0x80
const INT_80_EXIT: [u8; 12] = [0xb8, 1, 0, 0, 0, 0xbb, 42, 0, 0, 0, 0xcd, 0x80];

fn left_out(what: &str) -> bool {
    eprintln!("left out: this machine does not run {what}; tests that execute them check the rest only");
    assert!(std::env::var_os("TINYELF_REQUIRE_HOST").is_none(), "this machine does not run {what}");
    false
}

/// A file header, one program header, and the code, written by hand: the tested code is not asked.
fn elf64(code: &[u8]) -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01".to_vec();
    file.resize(16, 0);
    file.extend([2, 0, 62, 0, 1, 0, 0, 0]); // e_type, e_machine, e_version
    let size = 120 + code.len() as u64;
    file.extend([0x40_0078u64, 64, 0].into_iter().flat_map(u64::to_le_bytes)); // e_entry, e_phoff, e_shoff
    file.extend([0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0]); // e_flags … e_shstrndx
    file.extend([1, 0, 0, 0, 5, 0, 0, 0]); // p_type, p_flags
    file.extend([0u64, 0x40_0000, 0x40_0000, size, size, 0x1000].into_iter().flat_map(u64::to_le_bytes));
    file.extend(code);
    file
}

fn elf32(code: &[u8]) -> Vec<u8> {
    let mut file = b"\x7fELF\x01\x01\x01".to_vec();
    file.resize(16, 0);
    file.extend([2, 0, 3, 0, 1, 0, 0, 0]);
    let size = 84 + code.len() as u32;
    file.extend([0x0804_8054u32, 52, 0, 0].into_iter().flat_map(u32::to_le_bytes)); // e_entry … e_flags
    file.extend([52, 0, 32, 0, 1, 0, 40, 0, 0, 0, 0, 0]);
    let phdr = [1, 0, 0x0804_8000, 0x0804_8000, size, size, 5, 0x1000];
    file.extend(phdr.into_iter().flat_map(u32::to_le_bytes));
    file.extend(code);
    file
}

#[cfg(target_os = "linux")]
fn exits_with_42(file: &[u8]) -> bool {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("host-{}-{number}", std::process::id()));
    std::fs::write(&path, file).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let status =
        crate::patience::spawn(&mut std::process::Command::new(&path)).and_then(|mut child| child.wait());
    std::fs::remove_file(&path).unwrap();
    status.is_ok_and(|status| status.code() == Some(42))
}

#[cfg(not(target_os = "linux"))]
fn exits_with_42(_: &[u8]) -> bool {
    false
}
