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
