; -f bin -w+all
%macro m 1+
%defstr s %1
db s
%endmacro
m  a ,  b,c  
m a
;= 61 20 2c 20 62 2c 63 61
