; -f bin -w+all
%assign i 0
%rep 100
%if i == 5
%exitrep
%endif
db i
%assign i i + 1
%endrep
db i
%rep 2
%rep 10
db 1
%exitrep
db 2
%endrep
db 3
%endrep
;= 00 01 02 03 04 05 01 03 01 03
