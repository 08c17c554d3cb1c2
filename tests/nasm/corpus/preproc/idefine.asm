; -f bin -w+all
%idefine Count 3
%define Exact 4
db COUNT, count, Count
%ifdef exact
db 1
%else
db 0
%endif
db Exact
;= 03 03 03 00 04
