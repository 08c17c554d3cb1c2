; -f bin
bits 32
mov eax,[ebx*ecx]
;= 3: error: unable to multiply two non-scalar objects
