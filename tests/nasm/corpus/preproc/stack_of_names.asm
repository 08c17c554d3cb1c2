; -f bin -w+all
%assign depth 0
%macro pushname 1
%assign depth depth + 1
%xdefine saved%[depth] %1
%endmacro
%macro popname 0
db saved%[depth]
%undef saved%[depth]
%assign depth depth - 1
%endmacro
pushname 1
pushname 2
popname
pushname 3
popname
popname
;= 02 03 01
