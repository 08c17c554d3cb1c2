; -f bin -w+all
%use masm
_DATA segment
db 1
_DATA ends
;= 01
