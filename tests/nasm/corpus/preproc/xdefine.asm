; -f bin -w+all
%define base 1
%xdefine early base
%define late base
%define base 2
db early, late
%xdefine early early, early
db early
;= 01 02 01 01
