; -f bin -w+all
%macro deflt 1-3 20, 30
db %1, %2, %3
%endmacro
deflt 1
deflt 1, 2
deflt 1, 2, 3
%macro braced 0-2 {1, 2}, 3
db %1, %2
%endmacro
braced
braced 9
%macro all 0-1 5
db %1
%endmacro
all
all 6
;= 01 14 1e 01 02 1e 01 02 03 01 02 03 09 03 05 06
