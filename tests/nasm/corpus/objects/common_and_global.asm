; -f elf64 : refused
global x
common x 4
;= 3: error: symbol `x' declared both as global and common
