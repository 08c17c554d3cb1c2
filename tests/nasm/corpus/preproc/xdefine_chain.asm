; -f bin -w+all
%xdefine list
%macro add 1
%xdefine list list %1
%endmacro
%macro flush 0
%ifnempty list
%defstr text list
db text
%endif
%endmacro
add a
add b
add c
flush
;= 61 20 62 20 63
