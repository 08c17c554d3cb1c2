; -f bin : refused
[use32]
;= 2: error: unrecognized directive [use32]
