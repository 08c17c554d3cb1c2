//! The instruction tables of `src/isa/x86/tables.rs`, made from iced-x86's metadata: regenerated and compared here;
//! `BLESS=1 cargo test --test isa_tables` writes the file.

mod names;
mod obsolete;
mod rank;
mod row;
mod wider;
mod write;

#[test]
fn the_generated_tables_are_up_to_date() {
    let text = write::tables(&names::named_rows());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/isa/x86/tables.rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    assert!(current == text, "src/isa/x86/tables.rs is not what the metadata gives: run with BLESS=1");
}
