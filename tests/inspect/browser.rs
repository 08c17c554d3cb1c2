//! The page of `inspect --html`, driven in a browser: a byte is chosen by the address, and its owners are shown.

use crate::files;
use crate::oracle;
use crate::tool::Folder;
use tinyelf::inspect::{self, ByteMap};

/// What stands beside the bytes after the byte at `place` was chosen.
fn shown(chromium: &std::path::Path, folder: &Folder, place: &str) -> String {
    let page = format!("file://{}#{place}", folder.path("page.html").display());
    let profile = format!("--user-data-dir={}", folder.path("profile").display());
    let words = ["--headless", "--no-sandbox", "--disable-gpu", &profile, "--dump-dom", &page];
    let said = folder.command(chromium, words).said();
    let start = said.stdout.find("<aside id=\"what\"").unwrap_or_else(|| panic!("{}", said.stderr));
    let end = said.stdout[start..].find("</aside>").unwrap();
    said.stdout[start..start + end].to_owned()
}

fn page(name: &str, bytes: &[u8]) -> String {
    let mut page = Vec::new();
    inspect::html(&ByteMap::new(bytes).unwrap(), name, &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// What is odd on purpose is not shown as damage.
#[test]
fn the_page_tells_damage_from_what_linux_accepts() {
    for (name, bytes) in files::all() {
        let text = page(&name, &bytes);
        let damage = text.contains("<h2>What is wrong with this file</h2>");
        let odd = text.contains("class=\"odd\"><h2>Odd, but Linux starts the file (");
        assert_eq!(damage, name.starts_with("damaged"), "{name}");
        assert!(!odd || name.contains("golf"), "{name}");
        assert!(name != "golf-linux-x86_64" || odd && text.contains(" · also Elf64_Ehdr"), "{name}");
    }
}

#[test]
fn a_byte_that_two_parts_share_shows_both() {
    let Some(chromium) = oracle::find("chromium") else { return };
    let (name, bytes) = files::all().into_iter().find(|(name, _)| name == "golf-hello-x86_64").unwrap();
    let page = page(&name, &bytes);
    let folder = Folder::new();
    folder.write("page.html", page);
    let text = shown(&chromium, &folder, "0x8");
    for expected in [
        ">byte 0x8: 0xff<",
        ">2 owners share this byte<",
        ">e_ident[EI_ABIVERSION]<",
        ">inc eax<",
        "read by tools (objdump, gdb), not by the kernel<",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let text = shown(&chromium, &folder, "0x18");
    assert!(text.contains(">e_entry<") && text.contains("read by the kernel<"), "{text}");
    assert!(!text.contains("owners share"), "{text}");
}
