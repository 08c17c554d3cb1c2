; -f bin -w+all
%macro f 1
db 1
%endmacro
%macro f 1
db 2
%endmacro
f 0
%macro g 1-3
db 3
%endmacro
%macro g 2
db 4
%endmacro
g 1
g 1, 2
g 1, 2, 3
;= 5: warning: redefining multi-line macro `f' [-w+pp-macro-redef-multi]
;= 12: warning: redefining multi-line macro `g' [-w+pp-macro-redef-multi]
;= 02 03 04 03
