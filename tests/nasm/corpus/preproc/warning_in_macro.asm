; -f bin -w+all
%macro m 1
%warning careful with %1
db %1
%endmacro
m 1
m 300
;= 6: warning: careful with 1 [-w+user]
;=   in m:3
;= 7: warning: careful with 300 [-w+user]
;=   in m:3
;= 7: warning: byte data exceeds bounds [-w+number-overflow]
;=   in m:4
;= 01 2c
