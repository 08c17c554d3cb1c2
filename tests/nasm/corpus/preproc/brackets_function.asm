; -f bin -w+all
%define n 3
%assign total %[n] + 1
db total
%if %[n] == 3
db 1
%endif
%rep %[n]
db 2
%endrep
;= 04 01 02 02 02
