; -f bin
dd 1e40
dd 1e-50
;= 2: warning: overflow in floating-point constant [-w+float-overflow]
;= 00 00 80 7f 00 00 00 00
