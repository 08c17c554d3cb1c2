; -f bin -w+all : refused
%rep
db 1
%endrep
%rep x
db 2
%endrep
%rep -1
db 3
%endrep
db 4
;= 2: error: `%rep' expects a repeat count
;= 5: error: symbol `x' not defined before use
;= 7: error: `%endrep': no matching `%rep'
