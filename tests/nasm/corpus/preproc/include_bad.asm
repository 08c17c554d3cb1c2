; -f bin -w+all
%include values.inc
%include
db 1
;= 2: error: `%include' expects a file name
;= 3: error: `%include' expects a file name
