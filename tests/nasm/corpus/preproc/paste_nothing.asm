; -f bin -w+all
%define five 5
%define x %a%b five
%defstr text x
db text
;= 25 61 25 62 20 35
