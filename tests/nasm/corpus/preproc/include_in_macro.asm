; -f bin -w+all
%macro load 1
%include %1
%endmacro
load "values.inc"
db from_values
load 'emits.inc'
%rep 2
%include "emits.inc"
%endrep
;= 21 77 78 77 78 77 78
