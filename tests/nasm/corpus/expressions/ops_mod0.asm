; -f bin
dd 5%0
;= 2: error: `%0': not in a macro call
