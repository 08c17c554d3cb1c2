; -f bin : refused
absolute 5
a: resb 1
align 16
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
;= 4: error: attempt to assemble code in [ABSOLUTE] space
