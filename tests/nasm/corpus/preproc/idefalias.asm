; -f bin -w+all
%idefalias Name Thing
%define Thing 3
db NAME, name
;= 03 03
