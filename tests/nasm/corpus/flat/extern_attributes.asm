; -f bin -w+all
extern nowhere:function, group:wrt dgroup
global later:weak
 db 1
;= 01
