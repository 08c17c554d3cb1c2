//! The commonest expressions: sums of registers, numbers and registers times numbers, as addresses are.
//!
//! They are read without the list of what is open; anything else is left to the whole of the grammar.

use super::{Hint, Term};
use crate::nasm::assemble::Cursor;
use crate::nasm::lex::{Keyword, Kind, keyword};

impl Cursor<'_, '_> {
    /// The value up to a bracket, a comma or the end, if it is such a sum; else nothing was read.
    #[inline]
    pub(super) fn simple_sum(&mut self) -> Option<Term> {
        let (lex, token, last_end) = (self.lex, self.token, self.last_end);
        let sum = self.summands();
        if sum.is_none() {
            (self.lex, self.token, self.last_end) = (lex, token, last_end);
        }
        sum
    }

    #[inline]
    fn summands(&mut self) -> Option<Term> {
        let mut sum = Term { plain: false, ..Term::number(0) };
        let mut negative = false;
        loop {
            match self.token.kind {
                Kind::Number(number) => {
                    let number = if negative { number.wrapping_neg() } else { number };
                    sum.number = sum.number.wrapping_add(number);
                    // A sum of nothing is left out, as if no number had been written.
                    let is_sum = sum.plain;
                    sum.plain = !is_sum || sum.number != 0;
                    if is_sum && sum.plain {
                        sum.hint = Hint::Summed;
                    }
                }
                Kind::Word(key) if !negative => {
                    let Some(Keyword::Register(register)) = keyword(key) else { return None };
                    let mut summand = Term::register(register);
                    if self.lex.following() == b'*' {
                        self.advance();
                        self.advance();
                        let Kind::Number(factor @ 1..=9) = self.token.kind else { return None };
                        summand.registers[0].1 = factor as i32;
                        summand.hint = Hint::Second;
                    }
                    if !sum.add_registers(&summand, 1) {
                        return None;
                    }
                }
                _ => return None,
            }
            self.advance();
            match self.token.kind {
                Kind::Plus => negative = false,
                Kind::Minus => negative = true,
                Kind::CloseBracket | Kind::Comma | Kind::End => return Some(sum),
                _ => return None,
            }
            self.advance();
        }
    }
}
