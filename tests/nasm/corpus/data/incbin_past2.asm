; -f bin
incbin "bin.dat",60,10
;= 3c 3d 3e 3f
