//! The macros that every source finds defined, and the packages of `%use`, as NASM source.
//!
//! Directives with a user's form (`section`, `global`, `align` …) are not macros here: the assembler knows both
//! forms, which saves the expansion of every such line.

/// Structures (nasmdoc 4.12), version macros and the names without question marks.
pub(super) const MACROS: &str = include_str!("standard.mac");

/// The directives that nasm has as macros: `-E` shows what these make of them.
pub(super) const DIRECTIVES: &str = include_str!("directives.mac");

/// What is known of them while assembling.
pub(super) const ASSEMBLING: &str = "\
%define __?SECTALIGN_ALIGN_UPDATES_SECTION?__ 1
%imacro sectalign 1+.nolist
%ifidni %1,on
%define __?SECTALIGN_ALIGN_UPDATES_SECTION?__ 1
%elifidni %1,off
%define __?SECTALIGN_ALIGN_UPDATES_SECTION?__ 0
%endif
[sectalign %1]
%endmacro
";

/// Words of TASM that mean nothing here (`-t`).
pub(super) const TASM: &str = "\
%imacro ideal 0.nolist
%endmacro
%imacro jumps 0.nolist
%endmacro
%imacro p386 0.nolist
%endmacro
%imacro p486 0.nolist
%endmacro
%imacro p586 0.nolist
%endmacro
%imacro end 0.nolist
%endmacro
";

/// The packages, by name (nasmdoc chapter 6).
pub(super) const PACKAGES: [(&str, &str); 5] = [
    ("altreg", include_str!("altreg.mac")),
    ("fp", include_str!("fp.mac")),
    ("ifunc", include_str!("ifunc.mac")),
    ("masm", include_str!("masm.mac")),
    ("smartalign", include_str!("smartalign.mac")),
];

/// Whether a directive that nasm has as a macro takes so many arguments: `%ifmacro` is true of it.
pub(super) fn is_directive(name: &[u8], min: usize, max: usize, plus: bool, is_flat: bool) -> bool {
    DIRECTIVES.lines().filter_map(|line| line.strip_prefix("%imacro ")).any(|head| {
        let (known, counts) = head.split_once(' ').unwrap_or((head, "0"));
        let counts = counts.split('.').next().unwrap_or_default();
        let greedy = counts.ends_with('+');
        let (fewest, most) = counts.split_once('-').unwrap_or((counts, counts));
        let fewest: usize = fewest.trim_end_matches('+').parse().unwrap_or(0);
        let most: usize = most.trim_end_matches('+').parse().unwrap_or(usize::MAX);
        known.as_bytes().eq_ignore_ascii_case(name)
            && (is_flat || known != "org")
            && (fewest <= max || plus)
            && (min <= most || greedy)
    })
}
