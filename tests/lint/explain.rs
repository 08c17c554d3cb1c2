//! `tinyelf explain`: every warning has a page, and the examples on the pages are right.

use crate::{lints, tool};

/// The indented lines behind a heading.
fn example(page: &str, heading: &str) -> String {
    let rest = page.split_once(&format!("\n{heading}:\n\n")).unwrap_or_else(|| panic!("{page}")).1;
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    lines.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

#[test]
fn the_wrong_example_gets_the_lint_and_the_right_one_nothing() {
    for lint in lints() {
        let folder = tool::Folder::new();
        let page = folder.tinyelf(["explain", &lint]).succeeds().stdout;
        assert!(page.starts_with(&format!("{lint}: ")), "{page}");
        folder.write("wrong.asm", example(&page, "Wrong")).write("right.asm", example(&page, "Right"));
        let words = ["build", "-q", "--message-format", "short", "-o", "x"];
        let said = folder.tinyelf(words.into_iter().chain(["wrong.asm"])).said();
        assert!(
            said.stderr.lines().count() == 1 && said.stderr.contains(&format!("[{lint}]")),
            "{lint}: {}",
            said.stderr
        );
        folder.tinyelf(words.into_iter().chain(["right.asm"])).says(0, "", "");
        assert!(
            page.contains(&format!("-Wno-{lint}")) && page.contains(&format!("-Werror={lint}")),
            "{page}"
        );
    }
}

#[test]
fn without_a_name_every_warning_is_listed() {
    let folder = tool::Folder::new();
    let list = folder.tinyelf(["explain"]).succeeds().stdout;
    for class in tinyelf::source::WARNING_CLASSES {
        let line = list.lines().find(|line| line.split_whitespace().any(|word| word == class.name));
        let line = line.unwrap_or_else(|| panic!("{} is not listed", class.name));
        assert!(line.trim_end().len() > class.name.len() + 20, "{line}");
        assert!(folder.tinyelf(["explain", class.name]).succeeds().stdout.starts_with(class.name));
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    let said = tool::Folder::new().tinyelf(["explain", "no-exits"]).said();
    assert_eq!((said.status, said.stdout.as_str()), (2, ""));
    assert!(
        said.stderr.starts_with("error: no warning is called `no-exits`")
            && said.stderr.contains("`no-exit`")
    );
}
