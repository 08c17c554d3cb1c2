; -f bin -w+all
%macro m 2
db %{1:5}
db %{0:2}
%endmacro
m 1, 2
;= 6: error: `%{1:5}': macro parameters out of range
;=   in m:3
;= 6: warning: no operand for data declaration [-w+db-empty]
;=   in m:3
;= 6: error: `%{0:2}': macro parameters out of range
;=   in m:4
;= 6: warning: no operand for data declaration [-w+db-empty]
;=   in m:4
