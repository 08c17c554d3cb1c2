; -f bin -w+all
%line x
db 1
%line 5+y
db 2
%line
;= 2: error: `%line' expects a line number
;= 4: error: `%line' expects a line increment
;= 6: error: `%line' expects a line number
