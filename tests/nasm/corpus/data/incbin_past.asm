; -f bin
incbin "bin.dat",100
;= -
