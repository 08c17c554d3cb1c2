; -f bin
float up
dd 1.1
float down
dd 1.1
float zero
dd -1.1
float near, daz
dq 1e-320
float default
dq 1e-320
float bogus
;= 12: error: unknown 'float' directive: bogus
