; -f bin
x: dw seg x
;= 2: error: binary output format does not support segment base references
