; -f bin -w+all
%ifctx a
db 1
%endif
%push a
%ifctx a
db 2
%endif
%ifctx b
db 3
%elifctx b a
db 4
%endif
%ifctx A
db 5
%endif
%ifnctx b
db 6
%endif
%pop
;= 02 04 05 06
