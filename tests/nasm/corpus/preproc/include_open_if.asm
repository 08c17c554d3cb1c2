; -f bin -w+all : refused
%include "open_if.inc"
db 1
;= 3: error: expected `%endif' before end of file
