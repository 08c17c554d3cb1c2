; -f bin
org 5
x: db x
;= 05
