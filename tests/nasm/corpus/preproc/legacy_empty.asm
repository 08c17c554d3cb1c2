; -f bin -w+all
%macro zero 0
db 10
%endmacro
%macro one 1
db 11
%endmacro
%macro any 0-3
db %0
%endmacro
%macro tail 1-2+
db %0
%endmacro
%macro deflt 1-2 5
db %2
%endmacro
zero
one
one 1
one {}
any
any 1,
any 1,,
any ,
any ,,
tail 1
tail 1,
tail 1,,
deflt 1
deflt 1,
;= 18: warning: multi-line macro `one' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 18: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 22: warning: dropping trailing empty parameter in call to multi-line macro `any' [-w+pp-macro-params-legacy]
;= 23: warning: dropping trailing empty parameter in call to multi-line macro `any' [-w+pp-macro-params-legacy]
;= 24: warning: dropping trailing empty parameter in call to multi-line macro `any' [-w+pp-macro-params-legacy]
;= 25: warning: dropping trailing empty parameter in call to multi-line macro `any' [-w+pp-macro-params-legacy]
;= 27: warning: dropping trailing empty parameter in call to multi-line macro `tail' [-w+pp-macro-params-legacy]
;= 28: warning: dropping trailing empty parameter in call to multi-line macro `tail' [-w+pp-macro-params-legacy]
;= 30: warning: dropping trailing empty parameter in call to multi-line macro `deflt' [-w+pp-macro-params-legacy]
;= 0a 0b 0b 00 01 02 01 02 01 01 02 05 05
