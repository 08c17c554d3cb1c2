; -f bin -w+all
%if 1 == 1 && 2 != 3 && 4 <> 5
db 1
%endif
%if (1 || 0) ^^ 0
db 2
%endif
%if !0 && ~0 && -1 < 0
db 3
%endif
%if 10 // 3 == 3 && 10 %% 3 == 1
db 5
%endif
%if 'a' == 0x61 && "ab" == 0x6261
db 7
%endif
;= 01 02 03 05 07
