; -f bin -w+all
%push one
%$label: db 1
%define %$v 5
db %$v
%push two
%define %$v 6
db %$v, %$$v
%$label: db 2
dw %$label, %$$label
%pop
db %$v
%pop two_not_there
%pop one
;= 13: error: `%pop' in wrong context: one, expected two_not_there
