; -f bin -w+all
%include "values.inc"
db from_values
%include 'values.inc'
%ifdef values_twice
db 2
%endif
;= 21 02
