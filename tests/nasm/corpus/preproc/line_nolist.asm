; -f bin -w+all
%macro inner 0
 dw __?LINE?__
%endmacro
%macro outer 0.nolist
 dw __?LINE?__
 inner
%endmacro
 outer
 inner
%macro wrong 0.nolist
%warning beware
%endmacro
%macro wronger 0
 wrong
%endmacro
 wrong
 wronger
;= 17: warning: beware [-w+user]
;= 18: warning: beware [-w+user]
;=   in wronger:15
;= 09 00 09 00 03 00
