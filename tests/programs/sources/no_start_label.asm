; `global _start` without a label of that name: execution begins with .text.
; status: 5

section .data
        value: dd 5
section .text
        global _start
        mov edi, [rel value]
        mov eax, 60
        syscall
