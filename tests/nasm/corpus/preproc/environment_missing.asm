; -f bin -w+all
db 1
db %!NOBODY
db 2 %!NOBODY
;= 3: warning: nonexistent environment variable `NOBODY' [-w+pp-environment]
;= 3: warning: no operand for data declaration [-w+db-empty]
;= 4: warning: nonexistent environment variable `NOBODY' [-w+pp-environment]
;= 01 02
