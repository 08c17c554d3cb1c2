; -f bin -w+all
%macro inner 0
db 1
%exitmacro
db 2
%endmacro
%macro outer 0
inner
db 3
%endmacro
outer
;= 01 03
