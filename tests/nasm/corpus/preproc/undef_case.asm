; -f bin -w+all
%idefine Abc 1
%undef ABC
%ifdef abc
db 1
%else
db 0
%endif
%define Abc 1
%undef abc
%ifdef Abc
db 1
%else
db 0
%endif
;= 00 01
