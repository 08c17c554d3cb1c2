//! The instructions of a section by the offsets at which they begin.

use super::value::{Ins, NOWHERE};

/// Which instruction begins at an offset, by pages, because most of a large section may never be reached.
#[derive(Default)]
pub(super) struct Starts(Vec<Box<[Ins]>>);

/// How many offsets a page has.
const PAGE: usize = 1 << 12;

impl Starts {
    pub(super) fn get(&self, offset: usize) -> Option<Ins> {
        let page = self.0.get(offset / PAGE)?;
        page.get(offset % PAGE).copied().filter(|&ins| ins != NOWHERE)
    }

    pub(super) fn set(&mut self, offset: usize, ins: Ins) {
        if self.0.len() <= offset / PAGE {
            self.0.resize_with(offset / PAGE + 1, Box::default);
        }
        let page = &mut self.0[offset / PAGE];
        if page.is_empty() {
            *page = vec![NOWHERE; PAGE].into();
        }
        page[offset % PAGE] = ins;
    }
}
