; -f elf64
[warning +error=number-overflow]
db 300
;= 3: error: byte data exceeds bounds [-w+number-overflow]
