; -f bin -w+all
times 3 db 1
%macro rep_it 2+
times %1 %2
%endmacro
rep_it 2, db 5, 6
;= 01 01 01 05 06 05 06
