; -f bin
x: nop
x: nop
;= 3: error: label `x' inconsistently redefined
