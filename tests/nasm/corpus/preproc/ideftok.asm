; -f bin -w+all
%ideftok Val '5 + 5'
db VAL, val
;= 0a 0a
