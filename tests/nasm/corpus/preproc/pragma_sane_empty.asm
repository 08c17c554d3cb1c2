; -f bin -w+all
%macro m 0-1
db %0
%endmacro
%macro n 1-2
db %0
%endmacro
m
m 1
n
n 1
n 1,
%pragma preproc sane_empty_expansion
m
n
n 1
n 1,
%pragma preproc sane_empty_expansion off
n
;= 10: warning: multi-line macro `n' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 10: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 12: warning: dropping trailing empty parameter in call to multi-line macro `n' [-w+pp-macro-params-legacy]
;= 15: warning: multi-line macro `n' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 15: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 15: error: label `n' inconsistently redefined
;= 19: warning: multi-line macro `n' exists, but not taking 0 parameters [-w+pp-macro-params-multi]
;= 19: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 19: error: label `n' inconsistently redefined
