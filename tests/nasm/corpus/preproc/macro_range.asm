; -f bin -w+all
%macro upto 1-3
db %0, %1
%ifnempty %2
db %2
%endif
%ifnempty %3
db %3
%endif
%endmacro
upto 1
upto 1, 2
upto 1, 2, 3
;= 01 01 02 01 02 03 01 02 03
