; -f bin -w+all
%macro m 1-2
db %1
%endmacro
m {1
m {1}, 2
m {1} 2
;= 5: error: expecting closing brace in macro parameter
;= 7: error: braces do not enclose all of macro parameter
