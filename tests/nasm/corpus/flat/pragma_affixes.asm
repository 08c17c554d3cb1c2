; -f bin
%pragma bin gprefix _
%pragma output lprefix x
%pragma elf gprefix y
global  seen
seen:   jmp seen
;= eb fe
