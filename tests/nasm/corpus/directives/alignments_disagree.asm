; -f elf64
common c 4:8
common c 4:4
;= 3: error: symbol `c' has inconsistent attributes `8' and `4'
