//! What `tinyelf explain NAME` shows of each lint: what it means, a program that has it, the same one without.

/// The page of a lint; its first line is one sentence that stands alone.
pub fn page(name: &str) -> Option<&'static str> {
    Some(match name {
        "no-exit" => include_str!("pages/no-exit.txt"),
        "ret-from-entry" => include_str!("pages/ret-from-entry.txt"),
        "int80-abi" => include_str!("pages/int80-abi.txt"),
        "int80-pointer" => include_str!("pages/int80-pointer.txt"),
        "syscall-abi" => include_str!("pages/syscall-abi.txt"),
        "value-as-pointer" => include_str!("pages/value-as-pointer.txt"),
        "exit-status-unset" => include_str!("pages/exit-status-unset.txt"),
        "syscall-clobber" => include_str!("pages/syscall-clobber.txt"),
        "falls-into-data" => include_str!("pages/falls-into-data.txt"),
        "write-to-readonly" => include_str!("pages/write-to-readonly.txt"),
        "length-spans-labels" => include_str!("pages/length-spans-labels.txt"),
        "exit-status-range" => include_str!("pages/exit-status-range.txt"),
        "dollar-hex" => include_str!("pages/dollar-hex.txt"),
        "quote-escape" => include_str!("pages/quote-escape.txt"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lint_has_a_page_that_begins_with_a_sentence() {
        for name in super::super::NAMES {
            let text = page(name).unwrap_or_else(|| panic!("{name} has no page"));
            let (sentence, rest) = text.split_once("\n\n").unwrap();
            assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{name}: {sentence}");
            assert!(rest.contains("\nWrong:\n") && rest.contains("\nRight:\n"), "{name}");
        }
    }
}
