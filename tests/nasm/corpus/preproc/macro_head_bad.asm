; -f bin -w+all : refused
%macro
%endmacro
%macro 5 1
%endmacro
%macro m x
%endmacro
%macro n 3-1
%endmacro
%macro o 1-
%endmacro
db 1
;= 2: error: `%macro' expects a macro name
;= 3: error: `%endmacro': not defining a macro
;= 4: error: `%macro' expects a macro name
;= 5: error: `%endmacro': not defining a macro
;= 6: error: `%macro' expects a parameter count
;= 8: error: minimum parameter count exceeds maximum
;= 10: error: `%macro' expects a parameter count after `-'
