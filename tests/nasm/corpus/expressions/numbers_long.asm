; -f bin
dq 123456789012345678901234567890
;= 2: warning: numeric constant 123456789012345678901234567890 does not fit in 64 bits [-w+number-overflow]
;= d2 0a 3f 4e ee e0 73 c3
