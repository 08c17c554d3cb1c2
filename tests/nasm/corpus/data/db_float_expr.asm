; -f bin
dd 1.5+2
;= 2: error: comma expected after operand
