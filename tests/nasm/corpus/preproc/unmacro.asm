; -f bin -w+all
%macro f 1
db 1
%endmacro
%macro f 2
db 2
%endmacro
%unmacro f 1
f 1, 2
%ifmacro f 1
db 3
%endif
%unmacro f 1-2
f 1, 2
%unmacro nothing 3
%unmacro f
;= 16: error: `%unmacro' expects a parameter count
