//! The names of machines: ours, Debian's, Go's, Docker's, GNU and Rust triples.

use crate::elf::records::Machine;

/// What `--arch` stands for: one machine or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Machines(pub(super) Vec<Machine>);

/// A name, `all`, or names with commas between them.
pub(super) fn parse(text: &str) -> Result<Machines, String> {
    if text == "all" {
        return Ok(Machines(Machine::ALL.to_vec()));
    }
    let mut machines = Vec::new();
    for name in text.split(',') {
        let machine = one(name)?;
        if !machines.contains(&machine) {
            machines.push(machine);
        }
    }
    Ok(Machines(machines))
}

fn one(name: &str) -> Result<Machine, String> {
    if name == "native" {
        return one(std::env::consts::ARCH);
    }
    let lower = name.to_ascii_lowercase();
    let short = match lower.strip_prefix("linux/") {
        Some(rest) => rest.strip_suffix("/v8").unwrap_or(rest),
        None => triple(&lower)?.unwrap_or(&lower),
    };
    Ok(match short {
        "x86_64" | "amd64" | "x86-64" | "x64" => Machine::X86_64,
        "i386" | "386" | "x86" | "i486" | "i586" | "i686" => Machine::I386,
        "aarch64" | "arm64" => Machine::Aarch64,
        "riscv64" | "rv64" | "riscv64gc" | "rv64gc" => Machine::Riscv64,
        _ => return Err(refusal(name, short)),
    })
}

/// The machine's part of `x86_64-unknown-linux-musl` or `i686-linux-gnu`; an error for another system's triple.
fn triple(name: &str) -> Result<Option<&str>, String> {
    const OTHER_SYSTEMS: [&str; 8] =
        ["windows", "darwin", "apple", "freebsd", "netbsd", "openbsd", "wasi", "none"];
    let system = name.split(['/', '-']).find(|part| OTHER_SYSTEMS.contains(part));
    match (system, name.split_once("-linux")) {
        (Some(system), _) => Err(format!("tinyelf makes Linux programs, none for `{system}`")),
        (None, Some((before, _))) => Ok(before.split('-').next()),
        (None, None) => Ok(None),
    }
}

fn refusal(name: &str, short: &str) -> String {
    const NEVER: [&str; 16] = [
        "arm",
        "armv6l",
        "armv7",
        "armv7l",
        "armhf",
        "armel",
        "mips",
        "mips64",
        "ppc",
        "ppc64",
        "ppc64le",
        "s390x",
        "sparc64",
        "loongarch64",
        "riscv32",
        "x32",
    ];
    let family = short.split('/').next().unwrap_or(short);
    let supported = Machine::ALL.map(Machine::name).join(", ");
    if NEVER.contains(&family) {
        format!("programs for `{family}` are not supported; there are {supported}")
    } else {
        format!("no machine is called `{name}`; there are {supported}, native, all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_go_by_many_names() {
        let check = |names: &str, expected: Machine| {
            for name in names.split(' ') {
                assert_eq!(parse(name), Ok(Machines(vec![expected])), "{name}");
            }
        };
        check("x86_64 amd64 x86-64 x64 AMD64 linux/amd64 linux/x86_64", Machine::X86_64);
        check("x86_64-linux-gnu x86_64-unknown-linux-musl x86_64-pc-linux-gnu", Machine::X86_64);
        check("i386 386 x86 i486 i586 i686 linux/386 i686-unknown-linux-gnu i386-linux-gnu", Machine::I386);
        check("aarch64 arm64 linux/arm64 linux/arm64/v8 aarch64-unknown-linux-musl", Machine::Aarch64);
        check("riscv64 rv64 linux/riscv64 riscv64gc-unknown-linux-gnu", Machine::Riscv64);
        assert_eq!(parse("i386,x64,386"), Ok(Machines(vec![Machine::I386, Machine::X86_64])));
        assert_eq!(parse("all").map(|all| all.0.len()), Ok(4));
    }

    #[test]
    fn machines_that_will_not_come_are_refused_by_name() {
        let check = |name: &str, expected: &str| assert_eq!(parse(name), Err(expected.to_owned()));
        let list = "x86_64, i386, aarch64, riscv64";
        check("linux/arm/v7", &format!("programs for `arm` are not supported; there are {list}"));
        check("s390x", &format!("programs for `s390x` are not supported; there are {list}"));
        check("vax", &format!("no machine is called `vax`; there are {list}, native, all"));
        check("x86_64-pc-windows-gnu", "tinyelf makes Linux programs, none for `windows`");
        check("windows/amd64", "tinyelf makes Linux programs, none for `windows`");
    }
}
