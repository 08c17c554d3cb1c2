//! Where in macros a message about an argument belongs.
//!
//! An argument's tokens lie in the call, so a message about them points there and does not tell which line of which
//! macro put them where they are wrong.  Such a message is moved into the macro's line; the argument becomes the place
//! of use that leads there:
//!
//! ```text
//! %macro m 1           message at `300`             message in `db %1` of `m`, used at `300`
//! db %1        ──>       x.asm: m 300        ──>      x.asm: m 300
//! %endmacro                                            in the expansion of `m`: db %1
//! m 300
//! ```

use super::Preprocessor;
use super::host::Host;
use crate::source::{Expansion, SourceMap, Span};

impl Preprocessor {
    /// Moves the messages after `before` into the macro's line that was read last.
    pub(super) fn place_in_macros(&mut self, before: usize, host: &mut dyn Host) {
        let count = host.diagnostics().len();
        for at in before..count {
            let Some(span) = host.diagnostics().span_at(at) else { return };
            if let Some(placed) = placed(span, self.here, host.map()) {
                host.diagnostics().move_to(at, placed);
            }
        }
    }
}

/// The place of `line`, reached by way of `span`; `None` when `span` lies in `line` or elsewhere.
fn placed(span: Span, line: Span, map: &mut SourceMap) -> Option<Span> {
    if span.expansion == line.expansion || span.is_none() {
        return None;
    }
    // From the line outwards up to the level of the span.
    let mut inner = vec![line];
    loop {
        let last = *inner.last()?;
        let use_site = map.expansion(last.expansion)?.use_site;
        if use_site.expansion == span.expansion {
            break;
        }
        inner.push(use_site);
    }
    let mut use_site = span;
    for place in inner.into_iter().rev() {
        let expansion = Expansion { use_site, ..map.expansion(place.expansion)?.clone() };
        use_site = Span { expansion: map.add_expansion(expansion), ..place };
    }
    Some(use_site)
}
