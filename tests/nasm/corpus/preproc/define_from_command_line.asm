; -f bin -w+all -DFOO -DBAR=7 -DBAZ=BAR+1 -UFOO
%ifdef FOO
db 1
%endif
db BAR, BAZ
;= 07 08
