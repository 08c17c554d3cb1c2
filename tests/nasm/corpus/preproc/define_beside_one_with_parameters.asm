; -f bin -w-error=pp-macro-def-param-single
%define one(x) x+1
%define one 5
db one
%undef one
%define two 7
%define two(x) x+2
db two(1)
;= 3: warning: macro `one' defined both with and without parameters [-w+pp-macro-def-param-single]
;= 7: warning: macro `two' defined both with and without parameters [-w+pp-macro-def-param-single]
;= 05 03
