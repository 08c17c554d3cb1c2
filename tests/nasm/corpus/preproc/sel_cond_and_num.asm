; -f bin -w+all
db %sel(-1,2,3), %sel(1,{2,3}), %cond(0,1,2), %cond(3-3,1) 9
db %num(255,4,16), %num(-5,3), %num(61,1,62), %num(255,-2,10), %num(7,,2)
db %substr("hello",-2), %substr("hello",2,-2), %tok('1'), %count(a,{b,c},)
;= 2: warning: %sel(-1) is not a valid selector [-w+pp-sel-range]
;= 2: error: invalid expression in parameter 1 of function `%sel'
;= 2: error: expression syntax error
