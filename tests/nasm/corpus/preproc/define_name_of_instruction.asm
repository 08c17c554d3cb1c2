; -f bin -w+all
%define ret db 7
ret
%undef ret
ret
;= 07 c3
