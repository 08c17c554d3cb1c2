; -f bin -w+all
%rep 3
db 1
%endrep
%assign i 0
%rep 4
db i
%assign i i + 1
%endrep
%rep 0
db 99
%endrep
%rep 2
%rep 2
db 7
%endrep
db 8
%endrep
;= 01 01 01 00 01 02 03 07 07 08 07 07 08
