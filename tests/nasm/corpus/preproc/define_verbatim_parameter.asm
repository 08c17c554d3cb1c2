; -f bin -w+all
%define v(!x) %str(x)
%define p(x) %str(x)
db v( a  b ), 0, p( a  b ), 0
db v({1}), p({1})
;= 61 20 62 00 61 20 62 00 31 31
