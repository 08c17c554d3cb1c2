; -f bin
dw undefinedthing
;= 2: error: symbol `undefinedthing' not defined
