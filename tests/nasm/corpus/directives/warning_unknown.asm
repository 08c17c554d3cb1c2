; -f bin -w+unknown-warning
[warning +no_such_name]
[warning -no_such_name]
[warning no_such_name]
db 1
;= 2: warning: unknown warning name: no_such_name [-w+unknown-warning]
;= 3: warning: unknown warning name: no_such_name [-w+unknown-warning]
;= 4: warning: unknown warning name: no_such_name [-w+unknown-warning]
;= 01
