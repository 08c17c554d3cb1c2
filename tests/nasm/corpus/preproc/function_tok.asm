; -f bin -w+all
db %tok('1 + 2')
%define n 4
db %tok("n"), %tok(n)
%macro m 1
db %1
%endmacro
%tok('m 5')
;= 03 04 04 05
