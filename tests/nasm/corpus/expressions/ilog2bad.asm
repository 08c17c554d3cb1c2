; -f bin
dd __?ilog2e?__(9)
;= 2: error: ilog2 argument is not a power of two
