; -f bin -w+all : refused
[list +]
[list]
;= 3: error: invalid parameter to [list] directive
