; -f bin -w+all : refused
db 1
%macro m 0
db 2
;= 5: error: end of file while still defining macro `m'
