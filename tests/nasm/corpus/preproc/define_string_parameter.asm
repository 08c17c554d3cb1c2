; -f bin -w+all
%define q(&s) s
%define qq(&&s) s
db q(hello world), q('x'), qq('x'), qq(abc)
;= 68 65 6c 6c 6f 20 77 6f 72 6c 64 27 78 27 78 61
;= 62 63
