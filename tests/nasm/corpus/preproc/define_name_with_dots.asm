; -f bin -w+all
%define a.b 1
%define .c 2
%define _d? 3
%define e@f#g~h 4
db a.b, .c, _d?, e@f#g~h
;= 01 02 03 04
