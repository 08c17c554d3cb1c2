//! `-E`: the expanded text assembles to the same bytes, and says what nasm's says.

use crate::case::Case;
use crate::nasm::Nasm;
use crate::{check_all, ours};

#[test]
fn expanded_sources_assemble_to_the_same_bytes() {
    check_all(|case| {
        case.expected.bytes.as_ref().filter(|_| !case.says("symbols"))?;
        let Some(text) = ours::expanded(case).bytes else {
            return Some(format!("{}: -E fails\n{}", case.name, ours::expanded(case).show()));
        };
        let again = ours::assembled(case, &text);
        (again.bytes != case.expected.bytes).then(|| {
            let text = String::from_utf8_lossy(&text);
            let start: String = text.lines().take(30).map(|line| format!("{line}\n")).collect();
            format!("{}: -E begins\n{start}then\n{}", case.name, again.show())
        })
    });
}

#[test]
fn expanded_sources_equal_those_of_nasm() {
    let Some(nasm) = Nasm::new() else { return };
    check_all(|case: &Case| {
        // Elsewhere most lines are directives, which are macros in nasm and none here.
        case.name.strip_prefix("preproc/")?;
        let theirs = nasm.expanded(case)?;
        let ours = ours::expanded(case).bytes.unwrap_or_default();
        // nasm finds included files by `-I`.
        let folder = format!("{}/", case.folder.display());
        let (own, mut other) = (words(&ours), words(&theirs));
        other.iter_mut().for_each(|line| *line = line.replace(&folder, ""));
        let at = own.iter().zip(&other).position(|(one, other)| one != other);
        let at = at.or((own.len() != other.len()).then_some(own.len().min(other.len())))?;
        let line = |words: &[String]| words.get(at).cloned().unwrap_or_default();
        Some(format!("{}: -E gives `{}`, nasm's `{}`", case.name, line(&own), line(&other)))
    });
}

/// The lines without white space; empty ones and `%line` count.
fn words(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| line.split_whitespace().collect::<String>()).collect()
}
