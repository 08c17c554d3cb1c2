; -f bin
x: dw x wrt ..got
;= 2: error: symbol `..got' not defined
