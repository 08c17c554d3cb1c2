; -f bin
Foo: nop
dw foo
;= 3: error: symbol `foo' not defined
