; -f bin
org 0x100
org 0x200
nop
;= 3: error: program origin redefined
