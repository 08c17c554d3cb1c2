; -f bin
common v 4
;= 2: error: binary output format does not support common variables
