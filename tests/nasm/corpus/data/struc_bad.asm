; -f bin
struc s
.a: dd 1
endstruc
;= 3: error: attempt to assemble code in [ABSOLUTE] space
