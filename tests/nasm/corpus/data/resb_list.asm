; -f bin
resb 1,2
;= 2: error: invalid combination of opcode and operands
