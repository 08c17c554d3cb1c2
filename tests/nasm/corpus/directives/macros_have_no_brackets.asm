; -f bin : refused
[align 16]
;= 2: error: unrecognized directive [align]
