; -f bin -w+all : symbols
start:
db 1, 2, 3
here:
%assign length here - start
db length
;= 01 02 03 03
