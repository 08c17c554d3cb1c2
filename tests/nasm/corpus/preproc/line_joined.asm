; -f bin -w+all
 dw \
 __?LINE?__, \
 __?LINE?__
 dw __?LINE?__
;= 02 00 02 00 05 00
