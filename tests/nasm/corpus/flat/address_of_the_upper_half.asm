; -f bin
        bits 64
        section low vstart=0x1000
        mov rax, high
        mov rbx, variable
        mov ecx, [rel low_end]
low_end:
        section kernel vstart=(-(1 << 30)) follows=low
high:   mov rax, low_end
        section core nobits vstart=0xffffffffd0000000
variable:
        resq 1
;= 48 b8 00 00 00 c0 ff ff ff ff 48 bb 00 00 00 d0
;= ff ff ff ff 8b 0d 00 00 00 00 00 00 48 b8 1a 10
;= 00 00 00 00 00 00
