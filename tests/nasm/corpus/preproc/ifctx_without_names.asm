; -f bin -w+all
%push named
%ifctx
db 1
%endif
%ifnctx
db 2
%endif
%push
%ifctx
db 3
%endif
db %isctx(), %isnctx()
;= 02 00 01
