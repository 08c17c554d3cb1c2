//! The classes of warnings, and the switches that turn them on, off, or into errors.
//!
//! The names before the lints are nasm 2.16's (`nasm -hw`), so that `-w-NAME` in other people's build files means
//! the same here.  A name that ends before a dash names a group: `float` is every `float-…`.

use std::collections::BTreeMap;

/// One class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// What switches and messages call it.
    pub name: &'static str,
    /// Whether it is shown when nobody says otherwise.
    pub shown: bool,
    /// Whether it is an error when nobody says otherwise.
    pub fatal: bool,
    /// Whether nasm has no such class.
    pub own: bool,
    /// What it warns of, in some words; empty for lints, which have a page each.
    pub about: &'static str,
}

const fn on(name: &'static str, about: &'static str) -> Class {
    Class { name, shown: true, fatal: false, own: false, about }
}

const fn off(name: &'static str, about: &'static str) -> Class {
    Class { name, shown: false, fatal: false, own: false, about }
}

const fn error(name: &'static str, about: &'static str) -> Class {
    Class { name, shown: true, fatal: true, own: false, about }
}

const fn own(name: &'static str, about: &'static str) -> Class {
    Class { name, shown: true, fatal: false, own: true, about }
}

/// Every class.
pub const CLASSES: &[Class] = &[
    on("db-empty", "a `db` or its like has no operands and writes nothing"),
    on("ea-absolute", "a number in brackets cannot be relative to the instruction"),
    on("ea-dispsize", "a displacement's size disagrees with the address size"),
    off("float-denorm", "a floating-point number is so small that it loses digits"),
    on("float-overflow", "a floating-point number is too large and becomes infinity"),
    on("float-toolong", "a floating-point number has more digits than are kept"),
    off("float-underflow", "a floating-point number is so small that it becomes zero"),
    on("forward", "a value is used before it is known"),
    on("label-orphan", "a line is one word without a colon: a label, or a misspelt instruction"),
    off("label-redef", "a label gets the value that it has already"),
    error("label-redef-late", "a label gets another value in a later pass"),
    on("number-overflow", "a number does not fit where it is written and is cut"),
    on("obsolete-nop", "an instruction does nothing on today's processors"),
    on("obsolete-removed", "an instruction is not there on today's processors"),
    on("obsolete-valid", "an instruction still works and has a successor"),
    off("phase", "a label moved after the sizes should have settled"),
    on("pp-else-elif", "`%elif` behind `%else`"),
    on("pp-else-else", "a second `%else`"),
    on("pp-empty-braces", "`%{}` with nothing in it"),
    on("pp-environment", "an environment variable is not set and reads as empty"),
    on("pp-macro-def-case-single", "a single-line macro differs from another only in case"),
    on("pp-macro-def-greedy-single", "a greedy single-line macro stands beside one that is not"),
    error("pp-macro-def-param-single", "a single-line macro is defined with and without parameters"),
    on("pp-macro-defaults", "a macro has more defaults than optional parameters"),
    on("pp-macro-params-legacy", "a macro call gets an empty argument for compatibility"),
    on("pp-macro-params-multi", "a macro is called with a number of arguments that it does not take"),
    on(
        "pp-macro-params-single",
        "a single-line macro is called with a number of arguments that it does not take",
    ),
    on("pp-macro-redef-multi", "a macro is defined again with the same number of parameters"),
    on("pp-open-braces", "`%{` is not closed"),
    on("pp-open-brackets", "`%[` is not closed"),
    on("pp-open-string", "a quote is not closed"),
    on("pp-rep-negative", "`%rep` is given a negative count"),
    on("pp-sel-range", "`%sel` selects an argument that is not there"),
    on("pp-trailing", "a directive has text behind it that is not read"),
    off("pragma-bad", "a `%pragma` could not be read"),
    off("pragma-empty", "a `%pragma` says nothing"),
    off("pragma-na", "a `%pragma` does not apply here"),
    off("pragma-unknown", "a `%pragma` is not known"),
    on("prefix-bnd", "`bnd` has no effect here"),
    on("prefix-hle", "`xacquire` or `xrelease` has no effect here"),
    on("prefix-lock", "`lock` before an instruction that does not take it"),
    on("prefix-opsize", "an operand-size prefix has no effect here"),
    on("prefix-seg", "a segment prefix has no effect here"),
    on("ptr", "`ptr` is not NASM and is ignored"),
    on("regsize", "a register's size disagrees with the size that is written"),
    off("unknown-warning", "a switch names a warning that is not there"),
    on("user", "`%warning` in the source"),
    on("warn-stack-empty", "`[warning pop]` without a push"),
    on("zeroing", "data in a section without contents, or room in one with contents"),
    on("zext-reloc", "an address is widened with zeroes"),
    on("other", "warnings without a name of their own"),
    // Symbols that are declared and not there.
    own("undefined-global", "a name is declared `global` and not defined"),
    own("writable-code", "a section is both writable and executable"),
    own("unused-extern", "a name is declared `extern` and not used"),
    // What the source may ask for and a reproducible build does not have.
    own("date", "the source asks for date or time, and `SOURCE_DATE_EPOCH` is not set"),
    // Lints: what a program will do that its author hardly meant.
    own("no-exit", ""),
    own("ret-from-entry", ""),
    own("int80-abi", ""),
    own("int80-pointer", ""),
    own("syscall-abi", ""),
    own("value-as-pointer", ""),
    own("exit-status-unset", ""),
    own("syscall-clobber", ""),
    own("falls-into-data", ""),
    own("write-to-readonly", ""),
    own("length-spans-labels", ""),
    own("exit-status-range", ""),
    own("dollar-hex", ""),
    own("quote-escape", ""),
    // What nasm passes over in silence.
    own("default-rest", "`default` has words behind its first, which are not read"),
    own("recursion", "a macro called itself, behind which nasm 2.16 reads nothing"),
    own("missing-comma", "data has two values without a comma between them"),
    own("address-overflow", "an address does not fit where it is written and is cut"),
    // Scripts.
    own("unreachable-code", "a script's statement that is never reached"),
];

/// Names that nasm had before 2.16 and still takes.
const OLDER: &[(&str, &str)] = &[
    ("bad-pragma", "pragma-bad"),
    ("bnd", "prefix-bnd"),
    ("environment", "pp-environment"),
    ("hle", "prefix-hle"),
    ("lock", "prefix-lock"),
    ("macro-def-case-single", "pp-macro-def-case-single"),
    ("macro-def-greedy-single", "pp-macro-def-greedy-single"),
    ("macro-def-param-single", "pp-macro-def-param-single"),
    ("macro-defaults", "pp-macro-defaults"),
    ("macro-params-legacy", "pp-macro-params-legacy"),
    ("macro-params-multi", "pp-macro-params-multi"),
    ("macro-params-single", "pp-macro-params-single"),
    ("negative-rep", "pp-rep-negative"),
    ("not-my-pragma", "pragma-na"),
    ("orphan-labels", "label-orphan"),
    ("unknown-pragma", "pragma-unknown"),
];

/// A switch that names no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no warning is called `{0}`")]
pub struct UnknownWarning(pub String);

/// Which warnings are shown, and which stop the build.  Later settings win, as on a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningPolicy {
    /// `-Wno-NAME` is false, `-WNAME` is true; what is not named has its class's default.
    pub enabled: BTreeMap<String, bool>,
    /// `-Werror=NAME` and `-Wno-error=NAME`.
    pub fatal: BTreeMap<String, bool>,
    /// `-Werror`.
    pub all_fatal: bool,
    /// None is shown, whatever else was said.
    pub silent: bool,
    /// Classes that nasm does not have are only shown where they are named one by one: what passes nasm in silence
    /// stays silent, `-Werror` or not.
    pub only_nasm: bool,
}

impl WarningPolicy {
    /// Whether warnings of a class are shown.
    pub fn shows(&self, name: &str) -> bool {
        let default = || class(name).is_none_or(|one| one.shown && !(one.own && self.only_nasm));
        !self.silent && self.enabled.get(name).copied().unwrap_or_else(default)
    }

    /// Whether warnings of a class are errors.
    pub fn is_fatal(&self, name: &str) -> bool {
        let default = || self.all_fatal || class(name).is_some_and(|one| one.fatal);
        self.fatal.get(name).copied().unwrap_or_else(default)
    }

    /// Obeys a switch: `NAME`, `+NAME`, `-NAME`, `no-NAME`, `*NAME` (back to the default), `error`, `error=NAME`,
    /// and these two with any of the prefixes.  NAME is a class, a group, `all`, or `none`, which is `all` with the
    /// opposite meaning.
    ///
    /// # Errors
    /// When there is no such class; the policy is as before.
    pub fn set(&mut self, switch: &str) -> Result<(), UnknownWarning> {
        let (action, rest) = match switch.as_bytes().first() {
            Some(b'+') => (Some(true), &switch[1..]),
            Some(b'-') => (Some(false), &switch[1..]),
            Some(b'*') => (None, &switch[1..]),
            _ => match switch.strip_prefix("no-") {
                Some(rest) => (Some(false), rest),
                None => (Some(true), switch),
            },
        };
        let lower = rest.to_ascii_lowercase();
        if lower == "error" || lower == "error=all" {
            self.all_fatal = action == Some(true);
            if action != Some(true) {
                self.fatal.clear();
            }
            return Ok(());
        }
        let (map, name) = match lower.strip_prefix("error=") {
            Some(name) => (&mut self.fatal, name),
            None => (&mut self.enabled, lower.as_str()),
        };
        let (name, action) = if name == "none" { ("all", action.map(|on| !on)) } else { (name, action) };
        let found: Vec<_> =
            members(name).filter(|one| !(one.own && self.only_nasm) || one.name == name).collect();
        if found.is_empty() {
            return Err(UnknownWarning(name.to_owned()));
        }
        for class in &found {
            match action {
                Some(value) => map.insert(class.name.to_owned(), value),
                None => map.remove(class.name),
            };
        }
        // "-w+error=x" shows x as well (nasmdoc 2.1.26).
        if lower.starts_with("error=") && action == Some(true) {
            self.enabled.extend(found.iter().map(|class| (class.name.to_owned(), true)));
        }
        Ok(())
    }
}

fn class(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.name == name)
}

/// The classes that a name stands for, of today or older: itself, its group, or all.
fn members(name: &str) -> impl Iterator<Item = &'static Class> {
    let is_within =
        move |one: &str| one.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    CLASSES.iter().filter(move |class| {
        let was_within = OLDER.iter().any(|&(older, now)| now == class.name && is_within(older));
        name == "all" || is_within(class.name) || was_within
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(switches: &[&str], name: &str, shown: bool, fatal: bool) {
        let mut policy = WarningPolicy::default();
        for switch in switches {
            policy.set(switch).unwrap();
        }
        assert_eq!((policy.shows(name), policy.is_fatal(name)), (shown, fatal), "{switches:?} {name}");
    }

    #[test]
    fn switches_act_in_order_on_classes_and_groups() {
        check(&[], "zeroing", true, false);
        check(&[], "phase", false, false);
        check(&[], "label-redef-late", true, true);
        check(&["no-zeroing"], "zeroing", false, false);
        check(&["-zeroing", "+zeroing"], "zeroing", true, false);
        check(&["-all", "zeroing"], "zeroing", true, false);
        check(&["-all", "zeroing"], "user", false, false);
        check(&["+float"], "float-denorm", true, false);
        check(&["-label"], "label-redef-late", false, true);
        check(&["error"], "zeroing", true, true);
        check(&["error", "no-error=zeroing"], "zeroing", true, false);
        check(&["+error=float"], "float-denorm", true, true);
        check(&["error", "-error"], "user", true, false);
        check(&["-zeroing", "*zeroing"], "zeroing", true, false);
        check(&["-orphan-labels"], "label-orphan", false, false);
        check(&["+error=lock"], "prefix-lock", true, true);
        check(&["-macro-params"], "pp-macro-params-legacy", false, false);
        check(&["none"], "user", false, false);
        check(&["-none"], "phase", true, false);
    }

    #[test]
    fn a_name_that_is_no_class_is_refused() {
        let mut policy = WarningPolicy::default();
        assert_eq!(policy.set("-nope"), Err(UnknownWarning("nope".into())));
        assert_eq!(policy.set("error=zero"), Err(UnknownWarning("zero".into())));
        assert_eq!(policy, WarningPolicy::default());
    }
}
