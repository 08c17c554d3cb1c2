//! Literals: the text of one token in, its value out.  Nothing here knows of symbols, sections or expressions.
//!
//! | file | text | value |
//! | --- | --- | --- |
//! | `number` | `0ffh`, `1010_1010b`, `$0a` | 64 bits, and whether more were written |
//! | `string` | `'a'`, `"a"`, `` `\u263a` `` | bytes |
//! | `unicode` | bytes of `__?utf16le?__(…)` | bytes |
//! | `float` | `1.5e3`, `0x1.8p3`, `__?NaN?__` | the bits of a format |
//! | `bcd` | `1234p` | ten bytes of packed decimal |

mod bcd;
mod float;
mod mantissa;
mod number;
mod string;
mod unicode;

pub use float::{Float, FloatError, FloatFormat, FloatFunction, FloatMode, Rounding};
pub use number::{Number, NumberError, number};
pub use string::{character_constant, quote_end, unquote};
pub use unicode::{NotUtf8, UtfFunction};
