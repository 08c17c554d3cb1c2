; -f bin
dz 1.5
;= 2: error: no 512-bit floating-point format supported
