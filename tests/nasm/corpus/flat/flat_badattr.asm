; -f bin
section .text foo
nop
;= 2: warning: ignoring unknown section attribute: "foo" [-w+other]
;= 90
