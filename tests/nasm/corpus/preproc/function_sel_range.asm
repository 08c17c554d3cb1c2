; -f bin -w+all
db 1, %sel(4, 10, 20, 30)
db 2 %sel(0, 10)
db 3 %sel(-4, 1, 2, 3)
;= 2: warning: %sel(4) exceeds the number of arguments [-w+pp-sel-range]
;= 3: warning: %sel(0) is not a valid selector [-w+pp-sel-range]
;= 4: warning: %sel(-4) is not a valid selector [-w+pp-sel-range]
;= 01 02 03
