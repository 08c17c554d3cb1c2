; -f bin : refused
extern nowhere:function
global code:function hidden, table:data
 db 1
code: db 2
table: db 3
;= 5: error: binary format does not support any special symbol types
;= 6: error: binary format does not support any special symbol types
