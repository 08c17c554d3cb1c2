; -f bin -w+all
%imacro Outer 0
%define x %*?
%idefine Inner %str(%?), %str(%??), %str(%*?), %str(%*??)
db inner
db %str(%*?)
%endmacro
OUTER
;= 4f 55 54 45 52 4f 75 74 65 72 69 6e 6e 65 72 49
;= 6e 6e 65 72 25 2a 3f
