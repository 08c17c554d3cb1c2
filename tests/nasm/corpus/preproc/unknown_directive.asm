; -f bin -w+all
%foo bar
db 1
%foo
%if 0
%bar
%endif
;= 2: error: label or instruction expected at start of line
;= 4: error: label or instruction expected at start of line
