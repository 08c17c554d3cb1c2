; -f bin
float dd 1.5
default db 1
static dw float
;= 2: error: unknown 'float' directive: dd 1.5
;= 3: error: invalid parameter to [default] directive
;= 4: error: invalid syntax in static declaration
