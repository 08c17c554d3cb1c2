; -f bin -w+all -w-pp-macro-redef-multi
%imacro align 1
db 0xaa, %1
%endmacro
align 4
%unmacro align 1
%macro global 1
db 0xbb
%endmacro
global 3
;= aa 04 bb
