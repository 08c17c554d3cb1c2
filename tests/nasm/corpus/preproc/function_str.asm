; -f bin -w+all
%define n a b
db %str(n), 0, %str(  x   y  ), 0, %str(), %str('q'), 0
db %str(a, b)
;= 61 20 62 00 78 20 79 00 27 71 27 00 61 2c 20 62
