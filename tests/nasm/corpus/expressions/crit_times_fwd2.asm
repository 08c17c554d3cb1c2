; -f bin
times n-$ nop
n:
;= 2: error: non-constant argument supplied to TIMES
