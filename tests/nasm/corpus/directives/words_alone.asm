; -f bin -w+all
bits
use32
section
float
mov ax, section
mov ax, bits
;= 2: warning: multi-line macro `bits' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 2: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 4: warning: multi-line macro `section' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 4: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 5: warning: multi-line macro `float' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 5: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 66 b8 00 00 66 b8 00 00
