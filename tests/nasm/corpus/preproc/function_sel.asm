; -f bin -w+all
db %sel(1, 10, 20, 30), %sel(3, 10, 20, 30)
db %sel(-1, 10, 20, 30)
db %sel(1 + 1, 10, 20, 30)
%define n 2
db %sel(n, 'a', 'b')
db %sel(1, 'abc')
db %sel(n, n + 1, n * 2)

;= 3: warning: %sel(-1) is not a valid selector [-w+pp-sel-range]
;= 3: warning: no operand for data declaration [-w+db-empty]
;= 7: warning: byte data exceeds bounds [-w+number-overflow]
;= 0a 1e 14 62 61 04
