; -f bin -w+all
%pragma
%pragma unknown thing
%pragma preproc something
%pragma asm nothing
%pragma bin also
%pragma elf other
%pragma list x
db 1
;= 5: warning: unknown %pragma asm nothing [-w+pragma-unknown]
;= 6: warning: unknown %pragma bin also [-w+pragma-unknown]
;= 8: warning: unknown %pragma list x [-w+pragma-unknown]
;= 01
