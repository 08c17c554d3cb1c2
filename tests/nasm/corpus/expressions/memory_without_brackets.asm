; -f bin
; A segment register and a colon, or an address before brackets, make an operand memory.
        bits 32
table:  mov eax, fs:0x18
        mov eax, es:ebx
        mov dword fs:0, esp
        push dword fs:0
        mov al, byte ds:table
        mov eax, cs:table + 4
        mov eax, es:dword [ebx]
        mov eax, es:table[ebx]
        mov eax, table[es:ebx]
        mov eax, table[ebx*4 + 8]
        mov eax, 8[ecx*1]
        mov eax, ebx[ecx]
        mov eax, ebx[ecx*1]
        mov eax, ecx[8 + ebx*1]
        mov eax, ebx[ecx*2]
        mov eax, ebx[4]
        lea eax, gs:table
        call table[eax]
        jmp table[eax*4]
        bits 16
        mov si, ss:table + 4
        mov al, es:di
        lds si, cs:table
        bits 64
        mov rax, fs:0x28
        mov rax, qword gs:rel table
        mov eax, table[rbx*4]
;= 64 a1 18 00 00 00 26 8b 03 64 89 25 00 00 00 00
;= 64 ff 35 00 00 00 00 3e a0 00 00 00 00 2e a1 04
;= 00 00 00 26 8b 83 00 00 00 00 26 8b 83 00 00 00
;= 00 26 8b 83 00 00 00 00 8b 04 9d 08 00 00 00 8b
;= 41 08 8b 04 19 8b 04 0b 8b 44 19 08 8b 04 4b 8b
;= 43 04 65 8d 05 00 00 00 00 ff 90 00 00 00 00 ff
;= 24 85 00 00 00 00 36 8b 36 04 00 26 8a 05 2e c5
;= 36 00 00 64 48 8b 04 25 28 00 00 00 65 48 8b 05
;= 7c ff ff ff 8b 04 9d 00 00 00 00
