; A record with named fields, filled in and read back.
; runs: stdout id 7\n
struc item
.id:    resd 1
.name:  resb 8
.next:  resq 1
endstruc
        section .data
first:  istruc item
        at item.id, dd 7
        at item.name, db "seven"
        at item.next, dq second
        iend
second: istruc item
        at item.id, dd 8
        iend
line:   db "id ?", 10
        section .text
        global _start
_start: mov rbx, first
        mov eax, [rbx + item.id]
        add al, '0'
        mov [line + 3], al
        mov rbx, [rbx + item.next]
        cmp dword [rbx + item.id], 8
        jne .bad
        mov eax, 1
        mov edi, eax
        mov rsi, line
        mov edx, 5
        syscall
        xor edi, edi
        jmp .out
.bad:   mov edi, 1
.out:   mov eax, 60
        syscall
