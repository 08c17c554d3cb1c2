; -f bin -w+all
%macro m 1-*
db %1
%rotate 1
db %1
%rotate -1
db %1
%rotate 2
db %1
%rotate %0
db %1
%rotate -100
db %1
%endmacro
m 1, 2, 3
;= 01 02 01 03 03 02
