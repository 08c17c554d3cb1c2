; -f bin -w+all
%push first
%$x equ 1
db %$x
%pop first
%push
%$x equ 2
db %$x
%pop
%push
%push named
%ifctx named
db 3
%endif
%repl renamed
%ifctx renamed
db 4
%endif
%pop renamed
%pop
;= 01 02 03 04
