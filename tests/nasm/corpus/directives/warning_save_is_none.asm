; -f bin
[warning save]
[warning -all]
db 256
[warning restore]
db 256
;= 00 00
