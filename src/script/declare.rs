//! The grammar of declarations: `data`, `space` and `param`.

use super::ast::*;
use super::lex::Token;
use super::parse::{Failed, Parser};
use crate::source::Diagnostic;

type Parsed<T> = Result<T, Failed>;

impl Parser<'_, '_> {
    /// `[ "mut" ] "data" NAME ( "=" values | "{" { field } "}" )`
    pub(super) fn data(&mut self, mutable: bool) -> Parsed<StatementKind> {
        self.advance();
        let mutable = mutable || self.at_word("mut");
        if self.at_word("mut") {
            self.advance();
        }
        let name = self.name("the name of the data")?;
        let mut fields = Vec::new();
        if self.take("=") {
            let span = self.span;
            fields.push(Field { name: None, kind: FieldKind::Bytes(self.values()?), span });
            return Ok(StatementKind::Data(Data { name, mutable, fields }));
        }
        let open = self.span;
        self.expect("{")?;
        let mut failed = false;
        loop {
            while self.token == Token::Break {
                self.advance();
            }
            if self.take("}") {
                let data = StatementKind::Data(Data { name, mutable, fields });
                return if failed { Err(Failed) } else { Ok(data) };
            }
            if self.token == Token::End {
                let wrong = Diagnostic::error(self.span, "the data is not closed: `}` is missing");
                self.diagnostics.push(wrong.label(open, "it is opened here"));
                return Err(Failed);
            }
            match self.field() {
                Ok(field) => fields.push(field),
                Err(Failed) => {
                    failed = true;
                    self.recover();
                    continue;
                }
            }
            if self.token != Token::Break && !self.at("}") && self.token != Token::End {
                return Err(self.unexpected("the end of the field"));
            }
        }
    }

    /// `[ NAME ":" ] TYPE values`
    fn field(&mut self) -> Parsed<Field> {
        let start = self.span;
        let mut name = None;
        if matches!(self.token, Token::Name(_)) && self.place().followed_by(b':') {
            name = Some(self.name("the name of the field")?);
            self.expect(":")?;
        }
        let Token::Name(kind) = self.token.clone() else {
            return Err(self.unexpected("a field, as in `port: u16be 80`"));
        };
        let kind = Spanned { node: kind, span: self.span };
        if kind.node == "ipv4" && self.place().next_is_name() {
            // A parameter of type `ip` is its number.
            self.advance();
            let values = self.values()?;
            let node = FieldKind::Numbers { width: 4, big_endian: true, values };
            return Ok(Field { name, kind: node, span: start });
        }
        if kind.node == "ipv4" || kind.node == "ipv6" {
            let address = FieldKind::Address(self.address(kind.node == "ipv6")?);
            return Ok(Field { name, kind: address, span: start });
        }
        self.advance();
        let numbers = |width, big_endian, values| FieldKind::Numbers { width, big_endian, values };
        let node = match kind.node.as_str() {
            "u8" | "i8" => numbers(1, false, self.values()?),
            "u16" | "i16" => numbers(2, false, self.values()?),
            "u32" | "i32" => numbers(4, false, self.values()?),
            "u64" => numbers(8, false, self.values()?),
            "word" => numbers(0, false, self.values()?),
            "u16be" => numbers(2, true, self.values()?),
            "u32be" => numbers(4, true, self.values()?),
            "u64be" => numbers(8, true, self.values()?),
            "bytes" => FieldKind::Bytes(self.values()?),
            "zero" => FieldKind::Zero(self.expression()?),
            "align" => FieldKind::Align(self.expression()?),
            other => {
                let wrong = Diagnostic::error(kind.span, format!("`{other}` is no type of a field"));
                self.diagnostics.push(
                    wrong.hint("there are u8 u16 u32 u64 word u16be u32be u64be bytes zero align ipv4 ipv6"),
                );
                return Err(Failed);
            }
        };
        Ok(Field { name, kind: node, span: start })
    }

    fn values(&mut self) -> Parsed<Vec<Expr>> {
        let mut values = vec![self.expression()?];
        while self.take(",") {
            values.push(self.expression()?);
        }
        Ok(values)
    }

    /// The word behind `ipv4` or `ipv6`, as bytes in network order.
    fn address(&mut self, six: bool) -> Parsed<Vec<u8>> {
        let (word, span) = self.bare_word();
        let bytes = if six {
            word.parse().ok().map(|address: std::net::Ipv6Addr| address.octets().to_vec())
        } else {
            word.parse().ok().map(|address: std::net::Ipv4Addr| address.octets().to_vec())
        };
        bytes.ok_or_else(|| {
            let what = if six { "IPv6" } else { "IPv4" };
            self.diagnostics.error(span, format!("`{word}` is no {what} address"));
            Failed
        })
    }

    /// `"param" [ "--" ] NAME ":" ( "int" LOW ".." HIGH | "string" | "line" | "ip" | "port" | "syscall" | "word" ) [ "=" default ] [ "help" ]`
    pub(super) fn param(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let option = self.take("-");
        if option {
            self.expect("-")?;
        }
        let name = self.name("the name of the parameter")?;
        self.expect(":")?;
        let word = self.name("the type of the parameter")?;
        let kind =
            match word.node.as_str() {
                "int" => {
                    let low = self.expression()?;
                    self.expect("..")?;
                    ParamKind::Int(low, self.expression()?)
                }
                "string" => ParamKind::Text,
                "line" => ParamKind::Line,
                "ip" => ParamKind::Ip,
                "port" => ParamKind::Port,
                "syscall" => ParamKind::Syscall,
                "word" => ParamKind::Word,
                other => {
                    let wrong = Diagnostic::error(word.span, format!("`{other}` is no type of a parameter"));
                    self.diagnostics.push(wrong.hint(
                        "there are `int LOW..HIGH`, `string`, `line`, `ip`, `port`, `syscall` and `word`",
                    ));
                    return Err(Failed);
                }
            };
        let default = if self.at("=") { Some(self.default(&kind)?) } else { None };
        if option && default.is_none() {
            let text = format!("`--{}` needs a default", name.node);
            let wrong = Diagnostic::error(name.span, text);
            self.diagnostics.push(wrong.hint("an option may be left out: write `= VALUE` behind its type"));
            return Err(Failed);
        }
        let help = match &self.token {
            Token::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        if matches!(self.token, Token::Text(_)) {
            self.advance();
        }
        Ok(StatementKind::Param(Param { name, option, kind, default, help }))
    }

    /// A string here is one token: the help that follows must not join it.
    fn default(&mut self, kind: &ParamKind) -> Parsed<Expr> {
        if matches!(kind, ParamKind::Ip) && !self.place().followed_by(b'"') {
            let (word, span) = self.bare_word();
            return Ok(Spanned { node: ExprKind::Text(word.into_bytes()), span });
        }
        self.advance();
        if let Token::Text(bytes) = &self.token {
            let text = Spanned { node: ExprKind::Text(bytes.clone()), span: self.span };
            self.advance();
            return Ok(text);
        }
        // A name or number followed by the help must not join it either.
        let simple = match &self.token {
            Token::Name(name) => Some(ExprKind::Name(name.clone())),
            _ => None,
        };
        if let Some(node) = simple {
            let span = self.span;
            self.advance();
            return Ok(Spanned { node, span });
        }
        self.expression()
    }
}
