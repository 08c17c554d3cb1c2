; -f bin -w+all
%push outer
%define %$v 3
%push inner
db %$$v
%ifdef %$v
db 1
%else
db 2
%endif
%pop
%pop
;= 03 02
