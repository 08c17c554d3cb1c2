; -f bin -w+all
%define n 5
%define name_5 77
db name_%[n]
%assign i 2
%define v%[i] 8
db v2
%xdefine both %[n]%[i]
db both
label%[n]:
dw label5
;= 4d 08 34 03 00
