; -f bin -w+all
%assign n 0
%macro level 1
%if %1 < 8
%assign n %1 + 1
db %1
%rep 1
%push l
%define %$x %1
db %$x
%pop
%endrep
%endif
%endmacro
%assign i 0
%rep 9
level i
%assign i i+1
%endrep
;= 00 00 01 01 02 02 03 03 04 04 05 05 06 06 07 07
