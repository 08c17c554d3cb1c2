; -f bin
bits 32
jmp undefinedthing
mov eax,[other]
;= 3: error: symbol `undefinedthing' not defined
;= 4: error: symbol `other' not defined
