; -f bin -w+all
%push a
%define %$v 4
%repl b
db %$v
%pop b
;= 04
