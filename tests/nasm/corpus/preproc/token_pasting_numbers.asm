; -f bin -w+all
%define a 1
%assign i 3
%define glue %[a]%[i]
db glue
%macro m 2
db %1%2
%endmacro
m 1, 2
%xdefine big 1%[i]
db big
;= 0d 0c 0d
