//! Small random programs behave the same in every layout, and what a promise names accepts them.

#![allow(clippy::print_stderr, reason = "the table of gaps is shown to who asks for it")]

use std::fmt::Write as _;
use std::process::{Command, Output};

use tinyelf::elf::loader::{Kernel, Outcome, execute};
use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind, Options, Promise};

use crate::oracle;
use crate::program::{Program, assemble, lower_bound, runs};
use crate::random::Random;

/// How many programs; TINYELF_TEST_COUNT says otherwise.
const COUNT: u64 = 50;

/// A source whose steps leave a number in one register, print data, and end with that number as status.
struct Writer {
    random: Random,
    machine: Machine,
    text: String,
    labels: u32,
    /// Bytes of read-only data.
    rodata: u64,
    /// Bytes of `.data` and `.bss` each; none for programs that write nothing.
    writable: u64,
}

impl Writer {
    fn source(seed: u64) -> (Machine, String) {
        // Neighbouring seeds begin alike.
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let machine = if random.one_in(3) { Machine::I386 } else { Machine::X86_64 };
        let rodata = 1 + random.below(60);
        let writable = if random.one_in(4) { 8 + random.below(40) } else { 0 };
        let mut writer =
            Writer { random, machine, text: "global _start\n".to_owned(), labels: 0, rodata, writable };
        writer.program();
        (machine, writer.text)
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    fn program(&mut self) {
        self.line("_start:");
        // Mostly tiny, since that is what golf is for; sometimes some two thousand bytes.
        let most = [3, 8, 20, 120][self.random.below(4) as usize];
        for _ in 0..=self.random.below(most) {
            self.step();
        }
        let (wide, rodata) = (self.machine == Machine::X86_64, self.rodata);
        self.line(if wide {
            "movzx edi,bl\n mov eax,60\n syscall"
        } else {
            "movzx ebx,bl\n mov eax,1\n int 0x80"
        });
        self.line("twice: add ebx,ebx\n inc ebx\n ret");
        self.line("section .rodata\nconstant:");
        for _ in 0..rodata {
            let byte = 32 + self.random.below(90);
            self.line(&format!("db {byte}"));
        }
        // Room for a number read at the last byte.
        self.line("dd 0x01020304");
        if self.writable > 0 {
            let text = format!(
                "section .data\nvariable: times {} db 7\nsection .bss\nzeros: resb {}",
                self.writable, self.writable
            );
            self.line(&text);
        }
    }

    fn step(&mut self) {
        let number = self.random.below(0x7fff_ffff) >> self.random.below(31);
        let at = self.random.below(self.rodata);
        let label = self.label();
        match self.random.below(12) {
            0 => self.line(&format!("add ebx,{number}")),
            1 => self.line(&format!("xor ebx,{number}")),
            2 => self.line(&format!("imul ebx,ebx,{number}")),
            3 => self.line(&format!(
                "mov ebp,{}\nl{label}: add ebx,{number}\n rol ebx,3\n dec ebp\n jnz l{label}",
                1 + number % 50
            )),
            4 => self.line(&format!("cmp ebx,{number}\n jb l{label}\n not ebx\n inc ebx\nl{label}:")),
            5 => self.line("call twice"),
            6 => self.line(&format!("add ebx,[constant+{at}]")),
            7 => self.line(&format!(
                "jmp l{label}\nl{label}: test bl,1\n jnz odd{label}\n add ebx,{number}\nodd{label}:"
            )),
            8 if self.machine == Machine::X86_64 => {
                self.line(&format!("lea rbp,[rel constant+{at}]\n add bl,[rbp]"))
            }
            9 if self.writable > 0 => self.store(),
            _ => self.print(),
        }
    }

    /// Some bytes of read-only data, to standard output or standard error.
    fn print(&mut self) {
        let at = self.random.below(self.rodata);
        let length = 1 + self.random.below(self.rodata - at);
        let stream = if self.random.one_in(3) { 2 } else { 1 };
        self.write(&format!("constant+{at}"), length, stream);
    }

    /// The number into a variable and its zeros, which are printed.
    fn store(&mut self) {
        let at = self.random.below(self.writable - 3);
        let place = if self.random.one_in(2) { "variable" } else { "zeros" };
        self.line(&format!("add [{place}+{at}],ebx"));
        self.write(place, self.writable, 1);
    }

    fn write(&mut self, what: &str, length: u64, stream: u64) {
        let text = match self.machine {
            // ebx holds the number in both.
            Machine::I386 => format!(
                "push ebx\n mov ebx,{stream}\n mov ecx,{what}\n mov edx,{length}\n mov eax,4\n int 0x80\n pop ebx"
            ),
            _ => {
                let address =
                    if self.random.one_in(2) { format!("mov rsi,{what}") } else { format!("mov esi,{what}") };
                format!("mov edi,{stream}\n {address}\n mov edx,{length}\n mov eax,1\n syscall")
            }
        };
        self.line(&text);
    }
}

/// Every layout beside standard; the search is kept short, since sizes are not what is compared.
fn layouts() -> Vec<Options> {
    let kind = |kind| Options { kind, ..Options::default() };
    let golf = |promise| kind(Kind::Golf(GolfOptions { promise, effort: 20_000 }));
    let mut all = vec![
        Options { separate_code: true, ..Options::default() },
        Options { symbols: true, gnustack: Some(false), ..Options::default() },
        Options { image_base: Some(0x1234_5000), ..kind(Kind::Compact) },
        Options { sections: true, gnustack: Some(true), ..kind(Kind::Compact) },
    ];
    all.extend(Promise::ALL.map(golf));
    all
}

fn behaviour(output: &Output) -> (Option<i32>, &[u8], &[u8]) {
    (output.status.code(), &output.stdout, &output.stderr)
}

fn count() -> u64 {
    let given = std::env::var("TINYELF_TEST_COUNT").ok();
    given.map_or(COUNT, |text| text.parse().expect("TINYELF_TEST_COUNT is a number"))
}

#[test]
fn random_programs_behave_the_same_in_every_layout() {
    for seed in 0..count() {
        let (machine, source) = Writer::source(seed);
        if !runs(machine) {
            continue;
        }
        let standard = Program::new(&assemble(machine, &source, |_| {}).unwrap()).run(b"");
        assert!(standard.status.code().is_some(), "seed {seed}: {source}");
        for layout in layouts() {
            let bytes = assemble(machine, &source, |options| options.layout = layout.clone()).unwrap();
            let program = Program::new(&bytes);
            let what = format!("seed {seed}, {} {layout:?}", machine.name());
            assert_eq!(behaviour(&program.run(b"")), behaviour(&standard), "{what}\n{source}");
            let nothing = matches!(layout.kind, Kind::Golf(options) if options.promise == Promise::Nothing);
            let oldest = if nothing { Kernel(6, 7) } else { Kernel(4, 14) };
            for kernel in Kernel::ALL.into_iter().filter(|&kernel| kernel >= oldest) {
                let outcome = execute(&bytes, kernel);
                assert!(matches!(outcome, Outcome::Starts(_)), "{what} on {kernel}: {outcome:?}");
            }
            read_by_those_named(machine, &layout, &program, &standard, seed, &what);
        }
    }
}

/// The sizes and lower bounds of thirty programs, with tools, readers, linux and nothing kept; `--nocapture` shows them.
#[test]
fn golf_comes_near_its_lower_bound() {
    let mut gaps = Vec::new();
    eprintln!("machine  section bytes  tools/bound  readers/bound  linux/bound  nothing/bound");
    for seed in 2000..2030 {
        let (machine, source) = Writer::source(seed);
        let compact = |options: &mut tinyelf::pipeline::Options| options.layout.kind = Kind::Compact;
        let compact = assemble(machine, &source, compact).unwrap().len() as u64;
        let headers = machine.class().ehdr_size() + machine.class().phdr_size();
        let mut row = format!("{:8} {:6}", machine.name(), compact - headers);
        for promise in Promise::ALL {
            let golf = Kind::Golf(GolfOptions { promise, effort: 20_000 });
            let build = || assemble(machine, &source, |options| options.layout.kind = golf).unwrap();
            let (bytes, again) = (build(), build());
            assert_eq!(bytes, again, "the same effort gives the same file");
            let Some(bound) = lower_bound(machine, &source, promise) else { continue };
            assert!(bytes.len() >= bound, "seed {seed} {promise:?}: {} below {bound}", bytes.len());
            gaps.push(bytes.len() - bound);
            row.push_str(&format!("  {:>5}/{bound:<5}", bytes.len()));
        }
        eprintln!("{row}");
    }
    let (sum, count) = (gaps.iter().sum::<usize>(), gaps.len());
    eprintln!("mean gap {:.1} bytes of {count}", sum as f64 / count as f64);
    assert!(count > 60 && sum <= 20 * count, "{gaps:?}");
}

/// readelf warns of nothing that was made for readers; now and then the slower ones run it, too.
fn read_by_those_named(
    machine: Machine,
    layout: &Options,
    program: &Program,
    expected: &Output,
    seed: u64,
    what: &str,
) {
    let promise = match layout.kind {
        Kind::Golf(options) => options.promise,
        _ => Promise::Tools,
    };
    if promise <= Promise::Readers
        && let Some(said) = program.judged_by("readelf", &["-aW"])
    {
        assert!(
            said.status.success() && said.stderr.is_empty(),
            "{what}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
    let golfed = matches!(layout.kind, Kind::Golf(_));
    if !golfed || !seed.is_multiple_of(25) {
        return;
    }
    if promise == Promise::Tools {
        let qemu = if machine == Machine::I386 { "qemu-i386" } else { "qemu-x86_64" };
        if let Some(output) = program.judged_by(qemu, &[]) {
            assert_eq!(behaviour(&output), behaviour(expected), "{what} under {qemu}");
        }
    }
    if promise <= Promise::Readers
        && let Some(output) = program.judged_by("gdb", &["-nx", "-batch", "-ex", "run"])
    {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let ending = match expected.status.code() {
            Some(0) => "exited normally]".to_owned(),
            code => format!("exited with code 0{:o}]", code.unwrap_or(0)),
        };
        assert!(text.contains(&ending), "{what} under gdb: {text}");
    }
    if let Some(strace) = oracle::find("strace").filter(|_| promise <= Promise::Linux) {
        let output = Command::new(strace).args(["-o", "/dev/null", "-qq"]).arg(&program.0).output().unwrap();
        assert_eq!(behaviour(&output), behaviour(expected), "{what} under strace");
    }
}
