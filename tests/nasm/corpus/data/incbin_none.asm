; -f bin
incbin "nothere.dat"
;= 2: error: `incbin': unable to get length of file `nothere.dat'
