; -f bin -w+all
%use fp
%use fp
%use "ifunc"
db ilog2e(4)
;= 02
