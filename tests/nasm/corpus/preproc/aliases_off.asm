; -f bin -w+all
%define real 5
%defalias other real
%aliases off
db real
%define other 8
db other, real
%undefalias other
%aliases on
db real
;= 05 08 05 05
