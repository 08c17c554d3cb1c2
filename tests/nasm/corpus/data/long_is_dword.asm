; -f bin
; `long` is another word for `dword`.
bits 32
        mov long [eax], 5
        push long 5
        jmp long ahead
        mov eax, [long 5]
bits 16
        jmp long ahead
ahead:
;= c7 00 05 00 00 00 6a 05 e9 0b 00 00 00 a1 05 00
;= 00 00 66 e9 00 00 00 00
