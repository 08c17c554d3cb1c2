; -f bin -w+all
%ifidn a
db 1
%endif
%ifidn a, b, c
db 2
%endif
db 3
;= 2: error: `%ifidn' expects two comma-separated arguments
