//! Macros that expand to what the moment says: file, line, bits, section, dates (nasmdoc 4.11).

use super::Preprocessor;
use super::functions;
use super::host::Host;
use super::options::Purpose;
use super::single::{Formal, Magic, Scope, Single, announce};
use super::token::{Token, Tokens};
use super::tokenize::{Place, tokenize};
use crate::source::{Diagnostic, Span};

/// The dates, with what each says and in which form.
const DATES: [&str; 9] = [
    "__?DATE?__",
    "__?DATE_NUM?__",
    "__?TIME?__",
    "__?TIME_NUM?__",
    "__?UTC_DATE?__",
    "__?UTC_DATE_NUM?__",
    "__?UTC_TIME?__",
    "__?UTC_TIME_NUM?__",
    "__?POSIX_TIME?__",
];

/// Year, month and day of a count of days since 1970-01-01 (Howard Hinnant's civil-from-days).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

fn date(which: &str, time: u64) -> String {
    let (year, month, day) = civil(time / 86_400);
    let (hour, minute, second) = (time / 3600 % 24, time / 60 % 60, time % 60);
    if which.contains("POSIX") {
        return time.to_string();
    }
    match (which.contains("DATE"), which.contains("NUM")) {
        (true, false) => format!("\"{year:04}-{month:02}-{day:02}\""),
        (true, true) => format!("{year:04}{month:02}{day:02}"),
        (false, false) => format!("\"{hour:02}:{minute:02}:{second:02}\""),
        (false, true) => format!("{hour:02}{minute:02}{second:02}"),
    }
}

impl Preprocessor {
    /// Defines the macros that no text can.
    pub(super) fn define_magic(&mut self) {
        let magic = [
            ("__?FILE?__", Magic::File),
            ("__?LINE?__", Magic::Line),
            ("__?BITS?__", Magic::Bits),
            ("__?PTR?__", Magic::Pointer),
            ("__?SECT?__", Magic::Section),
        ];
        for (name, magic) in magic {
            self.define_one(name, magic, Vec::new(), false, "");
        }
        for name in DATES {
            let text = date(name, self.options.time.unwrap_or(0));
            self.define_one(
                name,
                if self.options.time.is_some() { Magic::None } else { Magic::Date },
                Vec::new(),
                false,
                &text,
            );
        }
        for (index, function) in functions::FUNCTIONS.iter().enumerate() {
            let number = u8::try_from(index).expect("there are fewer than 256 functions");
            self.define_one(function.name, Magic::Function(number), function.formals(), function.greedy, "");
        }
        let pass = match self.options.purpose {
            Purpose::Assemble => "2",
            Purpose::Preprocess => "3",
            Purpose::Dependencies => "0",
        };
        self.define_one("__?PASS?__", Magic::None, Vec::new(), false, pass);
        let format = String::from_utf8_lossy(&self.options.format).into_owned();
        self.define_one("__?OUTPUT_FORMAT?__", Magic::None, Vec::new(), false, &format);
        let debug = String::from_utf8_lossy(&self.options.debug_format).into_owned();
        if !debug.is_empty() {
            self.define_one("__?DEBUG_FORMAT?__", Magic::None, Vec::new(), false, &debug);
        }
    }

    fn define_one(&mut self, name: &str, magic: Magic, formals: Vec<Formal>, greedy: bool, body: &str) {
        let atom = announce(name.as_bytes(), &mut self.names, &mut self.filter);
        let mut single = Single::new(name.as_bytes(), !matches!(magic, Magic::Function(_)));
        let mut tokens = Tokens::default();
        let place = Place::Whole(Span::NONE);
        tokenize(body.as_bytes(), place, &self.names, &mut tokens.text, &mut tokens.list);
        single.body = tokens;
        single.magic = magic;
        single.formals = formals;
        single.greedy = greedy;
        // Nothing is defined yet that it could clash with.
        let _ = self.singles.define(Scope::Global, atom, single);
    }

    /// What a macro of the moment expands to.
    pub(super) fn magic_body(
        &mut self,
        which: u32,
        call: &Token,
        arguments: &[(u32, u32)],
        host: &mut dyn Host,
    ) -> Vec<Token> {
        let single = &self.singles.list[which as usize];
        let text = match single.magic {
            Magic::Function(number) => {
                return self.function(functions::FUNCTIONS[usize::from(number)].which, call, arguments, host);
            }
            Magic::None | Magic::Date => {
                let text = single.body.text.0.clone();
                self.warn_of_time(call, host);
                text
            }
            Magic::File => super::strings::quote(self.location().0.to_string_lossy().as_bytes()),
            Magic::Line => self.location.line.to_string().into_bytes(),
            Magic::Bits => host.bits().to_string().into_bytes(),
            Magic::Pointer => match host.bits() {
                16 => b"word".to_vec(),
                32 => b"dword".to_vec(),
                _ => b"qword".to_vec(),
            },
            Magic::Section => self.section.clone(),
        };
        let mut list = Vec::new();
        tokenize(&text, Place::Whole(call.span), &self.names, &mut self.text, &mut list);
        list
    }

    /// A build that is to come out the same tomorrow has no clock.
    fn warn_of_time(&mut self, call: &Token, host: &mut dyn Host) {
        if std::mem::replace(&mut self.time_warned, true) {
            return;
        }
        let message = "the date and time are those of 1970-01-01: no time was given";
        let warning = Diagnostic::warning("other", call.span, message)
            .note("output depends on the sources and options alone")
            .hint("SOURCE_DATE_EPOCH=$(date +%s)");
        host.diagnostics().push(warning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_civil() {
        assert_eq!(date("__?UTC_DATE?__", 0), "\"1970-01-01\"");
        assert_eq!(date("__?UTC_DATE_NUM?__", 951_782_400), "20000229");
        assert_eq!(date("__?UTC_TIME?__", 86_399), "\"23:59:59\"");
        assert_eq!(date("__?POSIX_TIME?__", 5), "5");
    }
}
