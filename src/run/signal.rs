//! What the signals that end small programs mean.

/// `SIGSEGV`, by its number on every machine that Linux runs on here.
pub fn name(signal: i32) -> &'static str {
    match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => "a signal",
    }
}

/// What the program most likely did.
pub fn describe(signal: i32) -> &'static str {
    match signal {
        4 => "it executed bytes that are no instruction on this processor",
        5 => "it executed a breakpoint (`int3`)",
        7 => "it touched a page that its file does not reach",
        8 => "it divided by zero, or the quotient did not fit",
        9 => "it was killed, perhaps for want of memory",
        11 => {
            "it touched memory that it may not touch, or ran past its end: the last thing it does must be an exit"
        }
        13 => "it wrote to a pipe that nobody reads",
        14 => "its alarm went off",
        24 => "it used up its processor time",
        25 => "it wrote a file beyond its size limit",
        31 => "it made a system call that is forbidden here",
        _ => "it was told to stop",
    }
}

/// `mov eax,1` / `xor ebx,ebx` / `int 0x80` behind an ELF64 file header and one program header.
pub(super) const INT_80_PROBE: [u8; 129] = {
    const HEADERS: [u8; 120] = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\
        \x02\0\x3e\0\x01\0\0\0\x78\0\x40\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\x40\0\x38\0\x01\0\x40\0\0\0\0\0\
        \x01\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40\0\0\0\0\0\
        \x81\0\0\0\0\0\0\0\x81\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0";
    const CODE: [u8; 9] = [0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80];
    let mut file = [0; 129];
    let mut at = 0;
    while at < file.len() {
        file[at] = if at < HEADERS.len() { HEADERS[at] } else { CODE[at - HEADERS.len()] };
        at += 1;
    }
    file
};
