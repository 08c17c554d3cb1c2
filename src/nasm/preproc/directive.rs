//! Which directive a line is, and who obeys it.

use super::Preprocessor;
use super::conditional::Test;
use super::define::Definition;
use super::host::Host;
use super::token::{Kind, Token};
use crate::source::Severity;

/// A directive that is not a conditional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Directive {
    Aliases,
    Arg,
    Clear,
    Comment,
    Define(Definition),
    Depend,
    EndComment,
    EndMacro,
    EndRep,
    ExitMacro,
    ExitRep,
    Include,
    Line,
    Local,
    Macro { case: bool, recursive: bool },
    Message(Severity, bool),
    Null,
    PathSearch,
    Pop,
    Pragma,
    Push,
    Rep,
    Repl,
    Rotate,
    StackSize,
    StrCat,
    StrLen,
    SubStr,
    UndefAlias,
    Undef,
    UnMacro { case: bool },
    Use,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obeyed {
    /// It is an ordinary line.
    Not,
    /// It was a directive, and nothing is left of it.
    Silently,
    /// It was a directive, and its tokens are a line to be handed out.
    WithLine,
}

/// A line's directive.
enum Found {
    If(Test),
    Elif(Test),
    Else,
    EndIf,
    Other(Directive),
}

fn directive(name: &[u8]) -> Option<Directive> {
    use Definition::{Alias, Assign, Define, Str, Tok, Xdefine};
    Some(match name {
        b"aliases" => Directive::Aliases,
        b"arg" => Directive::Arg,
        b"assign" => Directive::Define(Assign { case: true }),
        b"clear" => Directive::Clear,
        // Newer than nasm 2.16.
        b"comment" => Directive::Comment,
        b"endcomment" => Directive::EndComment,
        b"defalias" => Directive::Define(Alias { case: true }),
        b"define" => Directive::Define(Define { case: true }),
        b"defstr" => Directive::Define(Str { case: true }),
        b"deftok" => Directive::Define(Tok { case: true }),
        b"depend" => Directive::Depend,
        b"endm" | b"endmacro" => Directive::EndMacro,
        b"endrep" => Directive::EndRep,
        b"error" => Directive::Message(Severity::Error, false),
        b"exitmacro" => Directive::ExitMacro,
        b"exitrep" => Directive::ExitRep,
        b"fatal" => Directive::Message(Severity::Error, true),
        b"iassign" => Directive::Define(Assign { case: false }),
        b"idefalias" => Directive::Define(Alias { case: false }),
        b"idefine" => Directive::Define(Define { case: false }),
        b"idefstr" => Directive::Define(Str { case: false }),
        b"ideftok" => Directive::Define(Tok { case: false }),
        b"imacro" => Directive::Macro { case: false, recursive: false },
        b"include" => Directive::Include,
        b"irmacro" => Directive::Macro { case: false, recursive: true },
        b"ixdefine" => Directive::Define(Xdefine { case: false }),
        b"line" => Directive::Line,
        b"local" => Directive::Local,
        b"macro" => Directive::Macro { case: true, recursive: false },
        // Newer than nasm 2.16.
        b"note" => Directive::Message(Severity::Note, false),
        b"null" => Directive::Null,
        b"pathsearch" => Directive::PathSearch,
        b"pop" => Directive::Pop,
        b"pragma" => Directive::Pragma,
        b"push" => Directive::Push,
        b"rep" => Directive::Rep,
        b"repl" => Directive::Repl,
        b"rmacro" => Directive::Macro { case: true, recursive: true },
        b"rotate" => Directive::Rotate,
        b"stacksize" => Directive::StackSize,
        b"strcat" => Directive::StrCat,
        b"strlen" => Directive::StrLen,
        b"substr" => Directive::SubStr,
        b"undef" => Directive::Undef,
        b"undefalias" => Directive::UndefAlias,
        b"unimacro" => Directive::UnMacro { case: false },
        b"unmacro" => Directive::UnMacro { case: true },
        b"use" => Directive::Use,
        b"warning" => Directive::Message(Severity::Warning, false),
        b"xdefine" => Directive::Define(Xdefine { case: true }),
        _ => return None,
    })
}

fn find(name: &[u8]) -> Option<Found> {
    let mut lower = [0; 16];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let lower: &[u8] = lower;
    if let Some(test) = lower.strip_prefix(b"if").and_then(Test::named) {
        return Some(Found::If(test));
    }
    if let Some(test) = lower.strip_prefix(b"elif").and_then(Test::named) {
        return Some(Found::Elif(test));
    }
    match lower {
        b"else" => Some(Found::Else),
        b"endif" => Some(Found::EndIf),
        _ => directive(lower).map(Found::Other),
    }
}

/// Whether a directive may stand without `%` for the sake of TASM's sources (nasmdoc 2.1.25).
fn is_tasm(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 10] =
        [b"arg", b"elif", b"else", b"endif", b"if", b"ifdef", b"ifdifi", b"ifndef", b"include", b"local"];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Preprocessor {
    /// Obeys the line if it is a directive to be obeyed now; one of a body being stored is not.
    pub(super) fn directive(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Obeyed {
        let Some(first) = list.first().copied() else { return Obeyed::Not };
        let bare = self.options.tasm && first.kind == Kind::Id && is_tasm(self.text.of(&first));
        if first.kind != Kind::Preproc && !bare {
            let is_position = !first.space && self.text.is(&first, b"#");
            if is_position {
                self.set_line(list, host);
            }
            return if is_position { Obeyed::Silently } else { Obeyed::Not };
        }
        let name = self.text.of(&first);
        let Some(found) = find(name.strip_prefix(b"%").unwrap_or(name)) else { return Obeyed::Not };
        match found {
            // Positions count wherever they stand: they come from what wrote this text.
            Found::Other(Directive::Line) => self.set_line(list, host),
            Found::Other(directive) => return self.other_directive(directive, list, host),
            _ if self.defining.is_some() => return Obeyed::Not,
            Found::If(test) => self.begin_if(test, list, host),
            Found::Elif(test) => self.else_if(test, list, host),
            Found::Else => self.begin_else(list, host),
            Found::EndIf => self.end_if(list, host),
        }
        Obeyed::Silently
    }

    fn other_directive(
        &mut self,
        directive: Directive,
        list: &mut Vec<Token>,
        host: &mut dyn Host,
    ) -> Obeyed {
        if !self.emitting() || self.defining.is_some() && !self.ends_definition(directive) {
            return Obeyed::Not;
        }
        if directive == Directive::Pragma {
            return self.pragma(list, host);
        }
        self.obey(directive, list, host);
        Obeyed::Silently
    }

    /// While a body is being stored only its end counts; bodies nest.
    fn ends_definition(&mut self, directive: Directive) -> bool {
        let Some(defining) = &mut self.defining else { return false };
        match directive {
            Directive::Macro { .. } => defining.macros += 1,
            Directive::EndMacro if defining.macros > 0 => defining.macros -= 1,
            Directive::EndMacro => return defining.head.is_some(),
            Directive::Rep if defining.head.is_none() => defining.repeats += 1,
            Directive::EndRep if defining.head.is_none() && defining.repeats > 0 => defining.repeats -= 1,
            Directive::EndRep => return defining.head.is_none(),
            _ => {}
        }
        false
    }

    fn obey(&mut self, directive: Directive, list: &mut Vec<Token>, host: &mut dyn Host) {
        match directive {
            Directive::Aliases => self.switch_aliases(list, host),
            Directive::Arg => self.declare_arguments(list, host),
            Directive::Clear => self.clear_macros(list, host),
            Directive::Comment => self.begin_comment(list),
            Directive::Define(definition) => self.define(definition, list, host),
            Directive::Depend => self.depend(list, host),
            Directive::EndComment => {
                self.error(list[0].span, "`%endcomment` without `%comment`", host);
            }
            Directive::EndMacro => self.end_macro(list, host),
            Directive::EndRep => self.end_repeat(list, host),
            Directive::ExitMacro => self.exit_macro(list, host),
            Directive::ExitRep => self.exit_repeat(list, host),
            Directive::Include => self.include(list, host),
            Directive::Local => self.declare_locals(list, host),
            Directive::Macro { case, recursive } => self.begin_macro(list, case, recursive, host),
            Directive::Message(severity, last) => self.say(severity, last, list, host),
            // Those two are obeyed before the others.
            Directive::Line | Directive::Pragma | Directive::Null => {}
            Directive::PathSearch => self.define_path(list, host),
            Directive::Pop => self.pop_context(list, host),
            Directive::Push => self.push_context(list, host),
            Directive::Rep => self.begin_repeat(list, host),
            Directive::Repl => self.rename_context(list, host),
            Directive::Rotate => self.rotate(list, host),
            Directive::StackSize => self.set_stack_size(list, host),
            Directive::StrCat => self.define_concatenation(list, host),
            Directive::StrLen => self.define_length(list, host),
            Directive::SubStr => self.define_part(list, host),
            Directive::Undef => self.undefine(list, false, host),
            Directive::UndefAlias => self.undefine(list, true, host),
            Directive::UnMacro { case } => self.undefine_macro(list, case, host),
            Directive::Use => self.use_package(list, host),
        }
    }
}
