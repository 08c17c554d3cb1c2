; -f bin -w+all
%include "numbered.inc"
dw __LINE__
%warning after
;= 4: warning: inside [-w+user]
;= 4: warning: after [-w+user]
;= 01 00 03 00 03 00
