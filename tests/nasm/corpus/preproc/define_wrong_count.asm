; -f bin -w+all
%define f(a,b) a
%define f(a,b,c) a
db f(1, 2)
db 0
f(1)
;= 6: warning: single-line macro `f' exists, but not taking 1 parameter [-w+pp-macro-params-single]
;= 6: error: parser: instruction expected
