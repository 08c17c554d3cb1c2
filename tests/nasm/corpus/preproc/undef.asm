; -f bin -w+all
%define a 1
%undef a
%ifdef a
db 1
%endif
a equ 7
db a
%undef never
%undef
%undef 5
;= 10: error: `%undef' expects a macro identifier
;= 11: error: `%undef' expects a macro identifier
