//! Whether the kernel reads a field: each that it is said not to read is filled with ones, and the program runs.

use tinyelf::inspect::{ByteMap, ItemKind, Owner, Reader};

use crate::tool::Folder;
use crate::{files, host};

#[test]
fn the_kernel_runs_a_program_whatever_stands_in_fields_that_it_does_not_read() {
    use std::os::unix::fs::PermissionsExt as _;

    for (machine, runs) in [("x86_64", host::runs_x86_64()), ("i386", host::runs_i386())] {
        if !runs {
            continue;
        }
        let name = format!("own-{machine}-standard");
        let (_, original) = files::all().into_iter().find(|(other, _)| *other == name).unwrap();
        let map = ByteMap::new(&original).unwrap();
        let headers =
            map.regions.iter().filter(|region| matches!(region.owner, Owner::Ehdr | Owner::Phdr(_)));
        let items = headers.flat_map(|region| map.items(region));
        let fields = items.filter(|item| item.kind == ItemKind::Field && item.reader != Some(Reader::Kernel));
        let folder = Folder::new();
        let mut count = 0;
        for field in fields {
            let mut bytes = original.clone();
            bytes[field.start as usize..field.end as usize].fill(0xff);
            let file = format!("{count}");
            folder.write(&file, &bytes);
            std::fs::set_permissions(folder.path(&file), std::fs::Permissions::from_mode(0o755)).unwrap();
            let said = folder.program(&file, [""; 0]).said();
            assert_eq!(
                (said.status, said.stdout.as_str()),
                (0, "Hello, World!\n"),
                "{machine}: {}",
                field.name
            );
            count += 1;
        }
        assert!(count >= 15, "{count} fields");
    }
}
