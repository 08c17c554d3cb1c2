; -f bin -w+all
%macro inner 1
mov eax, %1
bogus %1
%endmacro
%macro outer 1
inner %1
inner (
%endmacro
bits 32
inner 5
outer 6
%rep 2
bogus2
%endrep
;= 11: error: parser: instruction expected
;=   in inner:4
;= 12: error: label `bogus' inconsistently redefined
;=   in outer:7
;=   in inner:4
;= 12: error: parser: instruction expected
;=   in outer:7
;=   in inner:4
;= 12: error: expression syntax error
;=   in outer:8
;=   in inner:3
;= 12: error: parser: instruction expected
;=   in outer:8
;=   in inner:4
;= 14: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 14: warning: label alone on a line without a colon might be in error [-w+label-orphan]
