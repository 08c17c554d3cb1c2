; -f bin -w+all -w-other
%use ifunc
db ilog2e(64), ilog2w(70), ilog2f(70), ilog2c(70)
db ilog2(16)
;= 06 06 06 07 04
