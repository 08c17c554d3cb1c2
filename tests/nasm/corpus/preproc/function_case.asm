; -f bin -w+all
db %STRLEN('abc')
db %Eval(1 + 1)
;= 03 02
