; -f bin -w+all : refused
%rep 2
db 1
;= 4: error: end of file while still in %rep
