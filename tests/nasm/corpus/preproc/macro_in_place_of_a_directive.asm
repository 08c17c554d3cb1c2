; -f bin -w+all
%macro bits 1
db %1
%endmacro
bits 16
%macro org 2
db %1,%2
%endmacro
org 1,2
%macro nothing_known 1
%endmacro
%imacro global 1-*
db %0
%endmacro
global a, b
;= 2: warning: redefining multi-line macro `bits' [-w+pp-macro-redef-multi]
;= 6: warning: redefining multi-line macro `org' [-w+pp-macro-redef-multi]
;= 12: warning: redefining multi-line macro `global' [-w+pp-macro-redef-multi]
;= 10 01 02 02
