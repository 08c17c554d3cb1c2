; -f bin -w+all
%pop
%repl x
db %$x
%define %$y 1
db 1
;= 2: error: `%pop': context stack is empty
;= 3: error: `%repl': context stack is empty
;= 4: error: `%$x': context stack is empty
;= 4: error: `%$x': context stack is empty
;= 5: error: `%$y': context stack is empty
