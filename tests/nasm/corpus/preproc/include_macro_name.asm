; -f bin -w+all
%define file "values.inc"
%include file
db from_values
%substr x file 1,6
%strcat y x, '.inc'
%include y
db from_values
;= 21 21
