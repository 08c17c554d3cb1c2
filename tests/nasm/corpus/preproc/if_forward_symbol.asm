; -f bin -w+all
%if later
db 1
%endif
later equ 5
;= 2: error: symbol `later' not defined before use
