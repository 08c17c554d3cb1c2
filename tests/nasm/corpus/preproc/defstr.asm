; -f bin -w+all
%define inner abc def
%defstr text inner , 'q'
db text
%defstr none
db none, 1
;= 61 62 63 20 64 65 66 20 2c 20 27 71 27 01
