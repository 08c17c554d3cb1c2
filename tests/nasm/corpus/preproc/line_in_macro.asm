; -f bin -w+all
%macro m 0
 dw __?LINE?__
%endmacro
%macro n 0
%line 70+1 seventy.c
 dw __?LINE?__
%endmacro
m
n
 dw __?LINE?__
%line 20+3
 dw __?LINE?__
 dw __?LINE?__
%line 20+-3
%line 90-2
 dw __?LINE?__
;= 29: error: `%line' expects a line increment
