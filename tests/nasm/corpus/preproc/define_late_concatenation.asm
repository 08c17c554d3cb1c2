; -f bin -w+all
%define a 1
%define ab 3
%define glue(x,y) x %+ y
db glue(a,b), glue(1,2)
%define cat a%+b
db cat
;= 01 0c 01
