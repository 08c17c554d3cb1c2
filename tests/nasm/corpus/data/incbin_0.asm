; -f bin
incbin "bin.dat",0,0
db 9
;= 09
