//! `__?utf16?__` and its kin: strings in UTF-8 to wider code units (nasmdoc 3.4.5).

/// The text is not UTF-8, or names a code point the target cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the string is not valid UTF-8")]
pub struct NotUtf8;

/// One of the string functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UtfFunction {
    /// `__?utf16?__`, `__?utf16le?__`.
    Utf16Le,
    /// `__?utf16be?__`.
    Utf16Be,
    /// `__?utf32?__`, `__?utf32le?__`.
    Utf32Le,
    /// `__?utf32be?__`.
    Utf32Be,
}

impl UtfFunction {
    /// The function that a keyword names, in any case, in the new form (`__?utf16?__`).
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_slice() {
            b"__?utf16?__" | b"__?utf16le?__" => UtfFunction::Utf16Le,
            b"__?utf16be?__" => UtfFunction::Utf16Be,
            b"__?utf32?__" | b"__?utf32le?__" => UtfFunction::Utf32Le,
            b"__?utf32be?__" => UtfFunction::Utf32Be,
            _ => return None,
        })
    }

    /// The string in the function's code units.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn apply(self, text: &[u8]) -> Result<Vec<u8>, NotUtf8> {
        let text = std::str::from_utf8(text).map_err(|_| NotUtf8)?;
        let mut out = Vec::with_capacity(text.len() * 4);
        for character in text.chars() {
            let mut units = [0; 2];
            match self {
                UtfFunction::Utf32Le => out.extend(u32::from(character).to_le_bytes()),
                UtfFunction::Utf32Be => out.extend(u32::from(character).to_be_bytes()),
                UtfFunction::Utf16Le => {
                    out.extend(character.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_le_bytes()));
                }
                // The low surrogate comes first: a mistake of nasm's that its programs are built with.
                UtfFunction::Utf16Be => {
                    let units = character.encode_utf16(&mut units);
                    out.extend(units.iter().rev().flat_map(|unit| unit.to_be_bytes()));
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: &str, text: &str, expected: &[u8]) {
        let function = UtfFunction::from_name(function.as_bytes()).unwrap();
        assert_eq!(function.apply(text.as_bytes()).unwrap(), expected, "{text}");
    }

    #[test]
    fn code_units_are_as_nasm_writes_them() {
        check("__?utf16?__", "a\u{1f600}", &[0x61, 0, 0x3d, 0xd8, 0, 0xde]);
        check("__?UTF16BE?__", "a\u{1f600}", &[0, 0x61, 0xde, 0, 0xd8, 0x3d]);
        check("__?utf32?__", "\u{1f600}", &[0, 0xf6, 1, 0]);
        check("__?utf32be?__", "a", &[0, 0, 0, 0x61]);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(UtfFunction::Utf16Le.apply(b"\xff"), Err(NotUtf8));
    }
}
