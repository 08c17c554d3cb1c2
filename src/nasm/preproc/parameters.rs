//! What a line inside of a macro call means by `%1`, `%0`, `%%label`, `%?`, and `%[...]` anywhere (nasmdoc 4.3).
//!
//! This runs before directives are looked at, so that `%define %1_size 4` works inside of a macro.

use super::Preprocessor;
use super::frame::{Call, Frame, Run, What};
use super::host::Host;
use super::names::Atom;
use super::token::{Kind, Text, Token};
use super::tokenize::{Place, name_of, tokenize};

/// The condition codes (nasmdoc 4.3.8), each with its opposite.
const CONDITIONS: [(&str, &str); 33] = [
    ("a", "na"),
    ("ae", "nae"),
    ("b", "nb"),
    ("be", "nbe"),
    ("c", "nc"),
    ("cxz", ""),
    ("e", "ne"),
    ("ecxz", ""),
    ("g", "ng"),
    ("ge", "nge"),
    ("l", "nl"),
    ("le", "nle"),
    ("na", "a"),
    ("nae", "ae"),
    ("nb", "b"),
    ("nbe", "be"),
    ("nc", "c"),
    ("ne", "e"),
    ("ng", "g"),
    ("nge", "ge"),
    ("nl", "l"),
    ("nle", "le"),
    ("no", "o"),
    ("np", "p"),
    ("ns", "s"),
    ("nz", "z"),
    ("o", "no"),
    ("p", "np"),
    ("pe", "po"),
    ("po", "pe"),
    ("rcxz", ""),
    ("s", "ns"),
    ("z", "nz"),
];

fn is_parameter(kind: Kind) -> bool {
    matches!(kind, Kind::MacroLocal | Kind::Param | Kind::Name | Kind::DefinedName | Kind::Indirect)
}

impl Preprocessor {
    /// The innermost macro call of the innermost file.
    pub(super) fn current_call(&self) -> Option<&Call> {
        for frame in self.frames.iter().rev() {
            match frame {
                Frame::File(_) => return None,
                Frame::Body(Run { what: What::Call(call), .. }) => return Some(call),
                Frame::Body(_) => {}
            }
        }
        None
    }

    /// The same, to be changed.
    pub(super) fn current_call_mut(&mut self) -> Option<&mut Call> {
        for frame in self.frames.iter_mut().rev() {
            match frame {
                Frame::File(_) => return None,
                Frame::Body(Run { what: What::Call(call), .. }) => return Some(call),
                Frame::Body(_) => {}
            }
        }
        None
    }

    /// Puts in what the current call says.
    pub(super) fn put_parameters(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        if !list.iter().any(|token| is_parameter(token.kind)) {
            return;
        }
        let mut from = std::mem::take(&mut self.spare);
        std::mem::swap(&mut from, list);
        list.clear();
        let mut space = false;
        for token in from.drain(..) {
            let before = list.len();
            let token = Token { space: token.space || space, ..token };
            if is_parameter(token.kind) {
                self.put_parameter(token, list, host);
            } else {
                list.push(token);
            }
            // White space before something that vanished is kept for what follows.
            space = list.len() == before && token.space;
            if let Some(first) = list.get_mut(before) {
                first.space = token.space;
            }
        }
        self.trailing |= space;
        self.spare = from;
        self.paste_parameters(list);
    }

    fn put_parameter(&mut self, token: Token, list: &mut Vec<Token>, host: &mut dyn Host) {
        if token.kind == Kind::Indirect {
            let inner = self.text.of(&token).to_vec();
            let mut tokens = Vec::new();
            let flaw = tokenize(&inner, Place::Whole(token.span), &self.names, &mut self.text, &mut tokens);
            debug_assert!(flaw.is_none() || !inner.is_empty());
            if self.brackets >= self.options.limits.nesting {
                return self.error(token.span, "`%[` nests too deeply", host);
            }
            self.brackets += 1;
            self.put_parameters(&mut tokens, host);
            self.expand(&mut tokens, host);
            self.brackets -= 1;
            list.extend(tokens);
            return;
        }
        // The call is found on the frames while the text grows: both are borrowed apart.
        let mut text = std::mem::take(&mut self.text);
        let result = match self.current_call() {
            Some(call) => self.put_from_call(call, &token, &mut text, list),
            None if matches!(token.kind, Kind::Name | Kind::DefinedName) => {
                list.push(token);
                Ok(())
            }
            None => Err(format!("`{}` outside of a macro", String::from_utf8_lossy(text.of(&token)))),
        };
        self.text = text;
        if let Err(message) = result {
            self.error(token.span, message, host);
        }
    }

    fn put_from_call(
        &self,
        call: &Call,
        token: &Token,
        text: &mut Text,
        list: &mut Vec<Token>,
    ) -> Result<(), String> {
        let name = match token.kind {
            Kind::MacroLocal => {
                let mut name = format!("..@{}.", call.unique).into_bytes();
                name.extend_from_slice(&text.of(token)[2..]);
                name
            }
            Kind::Name => call.name.clone(),
            Kind::DefinedName => self.multis.list[call.which as usize].name.clone(),
            _ => {
                let before = list.len();
                let result = put_argument(call, token, text, list);
                // The call may have made a macro of an argument's name that had no number when it was read.
                for put in list[before..].iter_mut().filter(|put| put.atom == Atom::NONE && put.is_name()) {
                    put.atom = self.names.find(name_of(text.of(put), put.kind));
                }
                return result;
            }
        };
        let (start, len) = text.add(&name);
        list.push(Token { start, len, kind: Kind::Id, atom: self.names.find(&name), ..*token });
        Ok(())
    }
}

/// `%1`, `%-1`, `%{1:3}`, `%0`.
fn put_argument(call: &Call, token: &Token, text: &mut Text, list: &mut Vec<Token>) -> Result<(), String> {
    let invalid =
        |text: &Text| format!("`{}` is no macro parameter", String::from_utf8_lossy(text.of(token)));
    let digits = &text.of(token)[1..];
    if let Some(number) = plain_number(digits) {
        if digits == b"0" {
            let count = call.bounds.len().to_string();
            let (start, len) = text.add(count.as_bytes());
            list.push(Token { start, len, kind: Kind::Number, ..*token });
        } else {
            copy_argument(call, number, text, list);
        }
        return Ok(());
    }
    if digits.contains(&b':') {
        return put_range(call, token, text, list).ok_or_else(|| {
            format!(
                "`%{{{}}}` is out of the range of the macro's {} parameters",
                String::from_utf8_lossy(&text.of(token)[1..]),
                call.bounds.len()
            )
        });
    }
    let (sign, number) = (digits[0], plain_number(&digits[1..]).ok_or_else(|| invalid(text))?);
    let argument = if number == 0 { &[][..] } else { call.argument(number) };
    let code = match argument {
        [one] if one.kind == Kind::Id => String::from_utf8_lossy(call.text.of(one)).to_ascii_lowercase(),
        _ => String::new(),
    };
    let Some((name, opposite)) = CONDITIONS.iter().find(|one| one.0 == code) else {
        let shown = String::from_utf8_lossy(text.of(token));
        return Err(format!("macro parameter `{shown}` is not a condition code"));
    };
    let put = if sign == b'-' { *opposite } else { *name };
    if put.is_empty() {
        return Err(format!("condition code `{name}` is not invertible"));
    }
    let (start, len) = text.add(put.as_bytes());
    list.push(Token { start, len, kind: Kind::Id, atom: Atom::NONE, ..*token });
    Ok(())
}

fn plain_number(digits: &[u8]) -> Option<usize> {
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then(|| {
        digits.iter().fold(0_usize, |n, digit| n.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    })
}

/// Copies an argument's tokens and their text.
fn copy_argument(call: &Call, number: usize, text: &mut Text, list: &mut Vec<Token>) {
    for token in call.argument(number) {
        let (start, len) = text.add(call.text.of(token));
        list.push(Token { start, len, ..*token });
    }
}

/// `%{first:last}`, forwards or backwards, negative numbers from the end.
fn put_range(call: &Call, token: &Token, text: &mut Text, list: &mut Vec<Token>) -> Option<()> {
    let bounds = text.of(token)[1..].to_vec();
    let colon = bounds.iter().position(|&byte| byte == b':')?;
    let count = i64::try_from(call.bounds.len()).ok()?;
    let place = |digits: &[u8]| {
        let number: i64 = std::str::from_utf8(digits).ok()?.trim().parse().ok()?;
        let number = if number < 0 { number + count + 1 } else { number };
        (1..=count).contains(&number).then_some(number)
    };
    let (first, last) = (place(&bounds[..colon])?, place(&bounds[colon + 1..])?);
    let step = if first <= last { 1 } else { -1 };
    let mut number = first;
    loop {
        copy_argument(call, usize::try_from(number).ok()?, text, list);
        if number == last {
            return Some(());
        }
        let (start, len) = text.add(b",");
        list.push(Token { start, len, kind: Kind::Other, space: false, ..*token });
        number += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_opposite_has_its_own_opposite() {
        for (name, opposite) in CONDITIONS.iter().filter(|one| !one.1.is_empty()) {
            let back = CONDITIONS.iter().find(|one| one.0 == *opposite).unwrap();
            assert_eq!(back.1, *name);
        }
    }
}
