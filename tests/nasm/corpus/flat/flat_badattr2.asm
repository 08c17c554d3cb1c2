; -f bin
section .text foo=3
nop
;= 2: warning: ignoring unknown section attribute: "foo=3" [-w+other]
;= 90
