; -f bin
incbin "bin.dat",n,2
n equ 3
;= 2: error: symbol `n' not defined before use
