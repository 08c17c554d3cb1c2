; -f bin -w+all
%assign i 5
%assign i i * 2 + 1
%assign big 1 << 40
%assign minus -3
db i, minus
dq big
;= 0b fd 00 00 00 00 00 01 00 00
