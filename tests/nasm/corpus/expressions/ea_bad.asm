; -f bin
bits 32
mov eax,[ebx*6]
;= 3: error: invalid 32-bit effective address
