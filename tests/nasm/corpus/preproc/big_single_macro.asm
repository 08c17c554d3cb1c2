; -f bin -w+all
%define d0(x) x + x
%define d1(x) d0(d0(x))
%define d2(x) d1(d1(x))
%define d3(x) d2(d2(x))
db d3(1)
;= 6: warning: byte data exceeds bounds [-w+number-overflow]
;= 00
