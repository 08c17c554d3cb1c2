; -f bin -w+all
%depend "some.dat"
db 1
%depend bare
db 2
;= 4: error: `%depend' expects a file name
