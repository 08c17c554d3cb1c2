; -f bin -w+all
%macro two 2
db %1, %2
%endmacro
two 1
two 1, 2, 3
;= 5: warning: multi-line macro `two' exists, but not taking 1 parameter [-w+pp-macro-params-multi]
;= 5: error: parser: instruction expected
;= 6: warning: multi-line macro `two' exists, but not taking 3 parameters [-w+pp-macro-params-multi]
;= 6: error: parser: instruction expected
