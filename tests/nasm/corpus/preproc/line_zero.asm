; -f bin -w+all
%line 10+0 file.c
dw __LINE__
dw __LINE__
%warning ten
db __FILE__
;= 10: warning: ten [-w+user]
;= 0a 00 0a 00 66 69 6c 65 2e 63
