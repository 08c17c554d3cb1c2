; -f bin
dd __?ilog2f?__(0), __?ilog2c?__(0),__?ilog2w?__(0)
;= 2: warning: ilog2 argument is not a power of two [-w+other]
;= 00*12
