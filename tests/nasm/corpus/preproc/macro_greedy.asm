; -f bin -w+all
%macro rest 2+
db %1
db %2
%endmacro
rest 1, 2
rest 1, 2, 3, 4
%macro text 1+
db %1
%endmacro
text "a", 'b', 3
%macro range 1-2+ 9, 10
db %1, %2
%endmacro
range 1
range 1, 2, 3
;= 01 02 01 02 03 04 61 62 03 01 09 0a 01 02 03
