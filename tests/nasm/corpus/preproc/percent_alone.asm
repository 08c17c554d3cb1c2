; -f bin -w+all
db 1
db 2
db 7 % 4
db 9 %% 5
db -7 // 2
;= 01 02 03 04 fd
