//! Every command and option, each defined once: help, completions and the man page come from here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::arch::{self, Machines};
use super::before::BeforeOptions;
use super::format::{self, FormatName};
use super::message::{Color, Format, Messages};
use super::output::Target;
use super::see::SeeOptions;
use super::source;
use crate::elf::fixture::{Fixture, Override};
use crate::isa::x86::Optimize;
use crate::{layout, pipeline};

/// From a template or a NASM source to a tiny static Linux executable
#[derive(Debug, Parser)]
#[command(name = "tinyelf", version, subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) messages: MessageOptions,
    /// Your own templates: a folder of NAME.sys and NAME.MACHINE.asm [default: $TINYELF_TEMPLATES]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Templates")]
    pub(super) templates: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) action: Action,
}

/// How messages look; for every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Messages")]
pub(super) struct MessageOptions {
    /// human: with the source line; short: one line each; json: one object each [default: human]
    #[arg(long, value_enum, global = true, default_value_t, value_name = "FORM")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    message_format: Format,
    /// auto, always or never; NO_COLOR is obeyed [default: auto]
    #[arg(long, value_enum, global = true, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    color: Color,
}

impl MessageOptions {
    pub(super) fn messages(&self) -> Messages {
        Messages { format: self.message_format, color: self.color }
    }
}

/// The commands that are no templates.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Builds a program from NASM sources or a script
    #[command(after_help = "Example:\n  tinyelf build hello.asm -o hello && ./hello")]
    Build(BuildOptions),
    /// Builds a program in memory and executes it
    #[command(
        after_help = "Examples:\n  tinyelf run hello.asm -- one two\n  tinyelf run exit 3; echo $?\n\n\
                      Exit status: the program's own; 128 and the number of the signal that ended it; 125 when it\n\
                      could not be built or started.",
        subcommand_negates_reqs = true,
        override_usage = "tinyelf run [OPTIONS] FILE... [-- ARGS]\n       \
                          tinyelf run [OPTIONS] TEMPLATE [WORDS] [-- ARGS]",
        subcommand_value_name = "TEMPLATE",
        subcommand_help_heading = "Templates",
        disable_help_subcommand = true
    )]
    Run(RunOptions),
    /// Builds a program from system calls: tinyelf sys 'write(1, "hi\n")' 'exit(3)'
    #[command(after_help = "Examples:\n  tinyelf sys 'write(1, \"hi\\n\")' 'exit(3)' && ./out/sys\n  \
                            tinyelf sys --arch aarch64 -o pause 'pause()'")]
    Sys(SysOptions),
    /// Puts headers round machine code
    #[command(after_help = "Examples:\n  tinyelf wrap code.bin -o code\n  \
                      tinyelf wrap --hex '6a2a5f6a3c580f05' --layout compact --emit c")]
    Wrap(super::wrap::WrapOptions),
    /// Shows what every byte of an ELF file is
    #[command(
        disable_help_flag = true,
        after_help = "Examples:\n  tinyelf inspect a.out\n  tinyelf inspect -d a.out\n  \
                      tinyelf inspect --html a.out -o a.html"
    )]
    Inspect(super::inspect::InspectOptions),
    /// Builds a program in every layout and shows what each costs and promises
    #[command(
        after_help = "Examples:\n  tinyelf layouts prog.asm\n  tinyelf layouts hello Hi --arch i386",
        subcommand_negates_reqs = true,
        override_usage = "tinyelf layouts [OPTIONS] FILE...\n       tinyelf layouts [OPTIONS] TEMPLATE [WORDS]",
        subcommand_value_name = "TEMPLATE",
        subcommand_help_heading = "Templates",
        disable_help_subcommand = true
    )]
    Layouts(LayoutsOptions),
    /// Lists the templates with their sizes
    #[command(after_help = "Example:\n  tinyelf templates --arch aarch64")]
    Templates(TemplatesOptions),
    /// Lists system calls: numbers, parameters, registers
    #[command(
        after_help = "Examples:\n  tinyelf syscalls write\n  tinyelf syscalls --emit nasm > syscalls.inc"
    )]
    Syscalls(SyscallOptions),
    /// Lists instructions: their operands, the modes that have them, the extension each needs
    #[command(after_help = "Examples:\n  tinyelf instructions vpaddb\n  tinyelf instructions --json")]
    Instructions(InstructionOptions),
    /// Explains a warning: what it means, an example, what to write instead
    #[command(after_help = "Examples:\n  tinyelf explain no-exit\n  tinyelf explain")]
    Explain {
        /// The name in brackets behind `warning`; without one, every warning is listed
        name: Option<String>,
    },
    /// Takes nasm's own command line; so does tinyelf when it is called as `nasm`
    #[command(disable_help_flag = true, after_help = "Example:\n  tinyelf nasm -f elf64 -o prog.o prog.asm")]
    Nasm {
        /// What nasm takes: `tinyelf nasm -h`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "WORDS")]
        words: Vec<OsString>,
    },
    /// Prints a script that completes tinyelf's words in a shell
    #[command(
        after_help = "Example:\n  tinyelf completions bash > ~/.local/share/bash-completion/completions/tinyelf"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Prints the manual page
    #[command(after_help = "Example:\n  tinyelf man > tinyelf.1 && man ./tinyelf.1")]
    Man {
        /// Of this command; without one, of tinyelf itself
        command: Option<String>,
    },
}

/// `--layout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LayoutName {
    /// Read by every tool without a warning: objdump, gdb, file, readelf
    Standard,
    /// Headers and contents only: for shipping
    Compact,
    /// Headers overlapped and filled: the size limit; see --keep
    Golf,
}

/// What a golfed file must still satisfy; each includes the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Keep {
    /// readelf is clean; gdb, strace and qemu-user run it
    Tools,
    /// The same without qemu-user
    Readers,
    /// The kernel runs it, with any arguments and usual limits
    #[default]
    Linux,
    /// Whatever runs here
    Nothing,
}

impl Keep {
    fn promise(self) -> layout::Promise {
        match self {
            Keep::Tools => layout::Promise::Tools,
            Keep::Readers => layout::Promise::Readers,
            Keep::Linux => layout::Promise::Linux,
            Keep::Nothing => layout::Promise::Nothing,
        }
    }
}

/// What is made, for every command that makes an executable.
#[derive(Debug, Args)]
pub(super) struct TargetOptions {
    /// x86_64, i386, aarch64, riscv64 or native; also amd64, linux/386, triples; several with commas,
    /// or all [default: x86_64]
    #[arg(long, global = true, value_name = "NAME", value_parser = arch::parse)]
    pub(super) arch: Option<Machines>,
    /// standard: every tool reads it; compact: headers and contents only; golf: the size limit [default: standard]
    #[arg(long, global = true, value_enum, value_name = "NAME", hide_possible_values = true)]
    pub(super) layout: Option<LayoutName>,
    /// What a golfed file must satisfy: tools, readers, linux, nothing; each includes the next [default: linux]
    #[arg(long, global = true, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub(super) keep: Option<Keep>,
    /// How many steps golf may search [default: 2000000]
    #[arg(long, global = true, value_name = "N")]
    pub(super) effort: Option<u64>,
    /// Adds .symtab and .strtab: nm, gdb and objdump then know the labels
    #[arg(long, global = true)]
    pub(super) symbols: bool,
    /// Adds --symbols and line information (DWARF 5): gdb, addr2line and objdump -l then know the sources
    #[arg(short = 'g', global = true)]
    pub(super) debug: bool,
    /// Gives compact the section headers with which objdump disassembles it
    #[arg(long, global = true)]
    pub(super) sections: bool,
    /// Position-independent: the kernel chooses the address
    #[arg(long, global = true)]
    pub(super) pie: bool,
    /// The address of the file's first byte, a multiple of the page [default: 0x400000, 0x8048000 for i386 sources]
    #[arg(long, global = true, value_name = "ADDRESS", value_parser = parse_number)]
    pub(super) image_base: Option<u64>,
    /// Fails if the file would be larger [default: 2 GiB]
    #[arg(long, global = true, value_name = "BYTES", value_parser = parse_number)]
    pub(super) max_size: Option<u64>,
    /// Overrides a header field of the written file by its name in elf.h: e_phnum=0, e_type=ET_CORE,
    /// phdr[0].p_flags=PF_R, shdr[.text].sh_size=0x1000, sym[_start].st_value=1; repeatable
    #[arg(long, global = true, value_name = "FIELD=VALUE", help_heading = "Fixtures")]
    pub(super) set: Vec<Override>,
    /// Cuts the file to so many bytes
    #[arg(long, global = true, value_name = "BYTES", value_parser = parse_number, help_heading = "Fixtures")]
    pub(super) truncate: Option<u64>,
    /// Appends so many zeros to the file
    #[arg(long, global = true, value_name = "BYTES", value_parser = parse_number, help_heading = "Fixtures")]
    pub(super) append_zeros: Option<u64>,
}

/// A number as people write them: decimal, or 0x and hexadecimal.
fn parse_number(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| format!("`{text}` is no number; write 4096 or 0x1000"))
}

impl TargetOptions {
    /// What was asked for, put into the options of the build.
    ///
    /// # Errors
    /// As [`TargetOptions::kind`].
    pub(super) fn apply(&self, options: &mut pipeline::Options) -> Result<()> {
        options.layout.kind = self.kind()?;
        self.refuse_sections(options.layout.kind)?;
        options.layout.symbols = self.symbols || self.debug;
        options.debug = self.debug;
        self.refuse_debug_without_sections(options.layout.kind)?;
        options.layout.sections = self.sections;
        options.layout.pie = self.pie;
        options.layout.image_base = self.image_base;
        options.max_size = self.max_size;
        options.fixture = Fixture {
            overrides: self.set.clone(),
            truncate: self.truncate,
            append_zeros: self.append_zeros.unwrap_or(0),
        };
        Ok(options.fixture.check(options.machine.class())?)
    }

    fn refuse_sections(&self, kind: layout::Kind) -> Result<()> {
        match kind {
            _ if !self.sections => Ok(()),
            layout::Kind::Compact => Ok(()),
            layout::Kind::Standard => {
                bail!("`--sections` belongs to `--layout compact`: standard has section headers")
            }
            layout::Kind::Golf(_) => {
                bail!("`--sections` belongs to `--layout compact`: golf has no room for headers")
            }
        }
    }

    fn refuse_debug_without_sections(&self, kind: layout::Kind) -> Result<()> {
        match kind {
            _ if !self.debug => Ok(()),
            layout::Kind::Standard => Ok(()),
            layout::Kind::Compact if self.symbols || self.sections => Ok(()),
            layout::Kind::Compact => bail!(
                "`-g` needs section headers, which `--layout compact` leaves out; keep them with `--symbols`"
            ),
            layout::Kind::Golf(_) => bail!(
                "`-g` needs section headers, which `--layout golf` leaves out; debug `--layout standard`"
            ),
        }
    }

    /// The layout that was asked for.
    ///
    /// # Errors
    /// When `--keep` or `--effort` stands beside another layout than golf.
    pub(super) fn kind(&self) -> Result<layout::Kind> {
        if self.layout != Some(LayoutName::Golf) && (self.keep.is_some() || self.effort.is_some()) {
            bail!("`--keep` and `--effort` belong to `--layout golf`");
        }
        let golf = layout::GolfOptions::default();
        let kind = match self.layout.unwrap_or(LayoutName::Standard) {
            LayoutName::Standard => layout::Kind::Standard,
            LayoutName::Compact => layout::Kind::Compact,
            LayoutName::Golf => layout::Kind::Golf(layout::GolfOptions {
                promise: self.keep.unwrap_or_default().promise(),
                effort: self.effort.unwrap_or(golf.effort),
            }),
        };
        Ok(kind)
    }
}

/// Where it is written, for every command that writes one.
#[derive(Debug, Args)]
pub(super) struct WriteOptions {
    /// The file to write; `-` is standard output [default: out/NAME]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Print no status line
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Write text instead: an array in c, rust or python, hex digits, or asm, a script's assembler source; to
    /// standard output without `-o`
    #[arg(long, value_enum, value_name = "LANGUAGE", hide_possible_values = true)]
    pub(super) emit: Option<super::emit::Language>,
    #[command(flatten)]
    pub(super) see: SeeOptions,
}

impl WriteOptions {
    /// Where the output goes: what `-o` says, else standard output for text and `out/STEM` for a program.
    pub(super) fn target(&self, stem: &Path) -> Target {
        match (&self.output, self.emit) {
            (None, Some(_)) => Target::Stdout,
            (output, _) => Target::new(output.as_deref(), stem),
        }
    }
}

/// `build`.
#[derive(Debug, Args)]
pub(super) struct BuildOptions {
    /// NASM sources of one program, or a script (FILE.sys); `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) source: SourceOptions,
    /// Print the source after its macros were expanded; `-o` writes it into a file
    #[arg(short = 'E')]
    pub(super) preprocess: bool,
    /// Write a listing: every line with its offset and its bytes
    #[arg(short = 'l', value_name = "FILE")]
    pub(super) listing: Option<PathBuf>,
    /// Write a rule for make, OUTPUT.d, that lists the files which the output is made of; also -MD
    #[arg(long)]
    pub(super) deps: bool,
    /// The same into this file; also -MF FILE
    #[arg(long, value_name = "FILE")]
    pub(super) deps_file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) target: TargetOptions,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// How sources are read and turned into a program; for `build` and `run`.
#[derive(Debug, Args)]
pub(super) struct SourceOptions {
    /// What files are written in: nasm or sys [default: sys for FILE.sys, else nasm]
    #[arg(long, value_enum, value_name = "LANGUAGE", hide_possible_values = true)]
    pub(super) lang: Option<LanguageName>,
    /// What is made: elf64 (x86-64), elf32 (i386), elfx32 (x32 objects), bin (the bytes alone, in 16-bit mode)
    /// [default: elf64]
    #[arg(short, long, value_name = "FORMAT", value_parser = format::parse)]
    pub(super) format: Option<FormatName>,
    /// Write a relocatable file for a linker instead of an executable
    #[arg(short = 'c')]
    pub(super) object: bool,
    /// The symbol where the program starts [default: _start, else main, else the start of .text]
    #[arg(short, long, value_name = "SYMBOL")]
    pub(super) entry: Option<String>,
    /// Sizes of jumps and operands: 0 whole numbers, 1 near jumps, x the smallest [default: x]
    #[arg(short = 'O', value_name = "LEVEL", value_parser = parse_level)]
    pub(super) optimize: Option<Optimize>,
    /// A folder where `%include` and `incbin` look
    #[arg(short = 'I', short_alias = 'i', value_name = "FOLDER")]
    pub(super) include: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) before: BeforeOptions,
    /// The text is assembled as it is, without the preprocessor
    #[arg(short = 'a')]
    pub(super) no_preprocess: bool,
    /// Text before the names of global, external and common symbols
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(super) prefix: String,
    /// Text behind these names
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(super) postfix: String,
    /// -W[no-]NAME, -Werror[=NAME]: a class of warnings on, off, or an error
    #[arg(short = 'W', value_name = "WARNING", allow_hyphen_values = true)]
    pub(super) warnings: Vec<String>,
    /// The same as nasm writes it: -w+NAME, -w-NAME
    #[arg(short = 'w', value_name = "WARNING", allow_hyphen_values = true)]
    pub(super) warnings_as_nasm: Vec<String>,
    /// execstack: the stack may be executed; nognustack, gnustack: leave PT_GNU_STACK out, put it in;
    /// separate-code: read-only data is not executable
    #[arg(short = 'z', value_name = "KEYWORD", hide_possible_values = true)]
    #[arg(value_parser = ["execstack", "nognustack", "gnustack", "separate-code"])]
    pub(super) keywords: Vec<String>,
}

/// `--lang`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LanguageName {
    /// NASM source
    Nasm,
    /// A system-call script
    Sys,
}

/// `sys`.
#[derive(Debug, Args)]
pub(super) struct SysOptions {
    /// Statements of a script, one or more in each word; `-` is standard input
    #[arg(required = true, value_name = "STATEMENTS")]
    pub(super) statements: Vec<OsString>,
    #[command(flatten)]
    pub(super) target: TargetOptions,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// `run`.
#[derive(Debug, Args)]
pub(super) struct RunOptions {
    /// NASM sources of one program, or a script (names with `.` or `/`); `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// What the program is given
    #[arg(last = true, value_name = "ARGS")]
    pub(super) arguments: Vec<OsString>,
    #[command(flatten)]
    pub(super) source: SourceOptions,
    #[command(flatten)]
    pub(super) target: TargetOptions,
    #[command(flatten)]
    pub(super) watch: WatchOptions,
}

/// What is to be seen of a run; on standard error.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Watching")]
pub(super) struct WatchOptions {
    /// Prints its system calls, as strace does
    #[arg(long, global = true)]
    pub(super) trace: bool,
    /// Prints the stack at its first instruction: argc, argv, envp and the auxiliary vector
    #[arg(long, global = true)]
    pub(super) stack: bool,
    /// Counts instructions, cycles and page faults, beside those of an empty program
    #[arg(long, global = true, conflicts_with_all = ["trace", "stack"])]
    pub(super) stat: bool,
}

/// `instructions`.
#[derive(Debug, Args)]
pub(super) struct InstructionOptions {
    /// A mnemonic; without one, all are listed
    pub(super) name: Option<String>,
    /// As a JSON array
    #[arg(long)]
    pub(super) json: bool,
}

/// `layouts`.
#[derive(Debug, Args)]
pub(super) struct LayoutsOptions {
    /// NASM sources of one program, or a script; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// The machine [default: x86_64]
    #[arg(long, global = true, value_name = "NAME", value_parser = arch::parse)]
    pub(super) arch: Option<Machines>,
    /// As a JSON array
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// `templates`.
#[derive(Debug, Args)]
pub(super) struct TemplatesOptions {
    /// The machine [default: x86_64]
    #[arg(long, value_name = "NAME", value_parser = arch::parse)]
    pub(super) arch: Option<Machines>,
    /// As a JSON array
    #[arg(long)]
    pub(super) json: bool,
}

/// `syscalls`.
#[derive(Debug, Args)]
pub(super) struct SyscallOptions {
    /// One call, by name or number
    #[arg(value_name = "NAME|NUMBER")]
    pub(super) call: Option<String>,
    /// Only these machines [default: all]
    #[arg(long, value_name = "NAME", value_parser = arch::parse)]
    pub(super) arch: Option<Machines>,
    /// As a JSON array
    #[arg(long, conflicts_with = "emit")]
    pub(super) json: bool,
    /// nasm: as `%define SYS_write 1` lines [default machine: x86_64]
    #[arg(long, value_name = "LANGUAGE", value_parser = ["nasm"], hide_possible_values = true)]
    pub(super) emit: Option<String>,
}

fn parse_level(text: &str) -> Result<Optimize, String> {
    source::level(text).ok_or_else(|| format!("`-O{text}`: the levels are 0, 1 and x"))
}
