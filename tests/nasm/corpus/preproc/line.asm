; -f bin -w+all
%line 100+1 other.asm
%warning at one hundred
db 1
%warning at one hundred and two
%line 50+2
%warning fifty-two
%warning fifty-four
dw __LINE__
%line 7
dw __LINE__
;= 52: warning: fifty-two [-w+user]
;= 54: warning: fifty-four [-w+user]
;= 101: warning: at one hundred [-w+user]
;= 103: warning: at one hundred and two [-w+user]
;= 01 38 00 08 00
