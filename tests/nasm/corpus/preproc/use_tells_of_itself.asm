; -f bin -w+all
%ifdef __?USE_FP?__
db 1
%endif
%use fp
%use ALTREG
%ifdef __?USE_FP?__
db 2
%endif
%ifdef __?USE_ALTREG?__
db 3
%endif
%ifdef __?USE_MASM?__
db 4
%endif
db %isusing(fp), %isusing(ifunc)
;= 02 03 01 00
