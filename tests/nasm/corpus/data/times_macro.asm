; -f bin
%macro foo 0
db 1
db 2
%endmacro
times 3 foo
;= 6: error: parser: instruction expected
