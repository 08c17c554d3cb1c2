; -f bin -w+all
%use nonsense
%use
db 1
;= 2: error: unknown `%use' package: `nonsense'
;= 3: error: `%use' expects a package name, got end of line
