; -f bin -w+all
%warning mind the gap
db 300
db 1
;= 2: warning: mind the gap [-w+user]
;= 3: warning: byte data exceeds bounds [-w+number-overflow]
;= 2c 01
