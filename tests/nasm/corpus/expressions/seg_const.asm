; -f bin
dw seg 5
;= 2: error: cannot apply SEG to a non-relocatable value
