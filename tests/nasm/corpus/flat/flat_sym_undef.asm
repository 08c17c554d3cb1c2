; -f bin
dd section..data.start
;= 2: error: symbol `section..data.start' not defined
