; -f bin -w+all
%assign i 0
%rep 3
%define reg%[i] i
%xdefine val%[i] i
%assign i i + 1
%endrep
db val0, val1, val2
;= 00 01 02
