; -f bin
x
y nop
;= 2: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 90
