; -f bin
incbin "bin.dat",-1
;= 2: error: `incbin': unable to seek on file `bin.dat'
