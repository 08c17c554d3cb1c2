; -f bin -w+all -Pvalues.inc
%ifdef values_seen
db from_values
%endif
;= 21
