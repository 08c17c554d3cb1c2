; -f bin -w+all
%macro name 0
%defstr s %?
db s
%endmacro
name
%imacro Named 0
%defstr s %?
%defstr t %??
db s, t
%endmacro
named
;= 6e 61 6d 65 6e 61 6d 65 64 4e 61 6d 65 64
