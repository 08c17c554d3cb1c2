; -f bin -w+all
 dw __?LINE?__
# 50 "seven.c" 1 2
 dw __?LINE?__
 db __?FILE?__
%if 0
# 80 "eight.c"
%endif
 dw __?LINE?__
 db __?FILE?__
;= 02 00 33 00 73 65 76 65 6e 2e 63 52 00 65 69 67
;= 68 74 2e 63
