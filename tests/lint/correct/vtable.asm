; Objects with a table of methods each.
; runs: status 21
        section .rodata
square_m: dq square_area
rect_m:   dq rect_area
        section .data
square: dq square_m
        dd 3
rect:   dq rect_m
        dd 3, 4
        section .text
        global _start
square_area:
        mov eax, [rdi + 8]
        imul eax, eax
        ret
rect_area:
        mov eax, [rdi + 8]
        imul eax, [rdi + 12]
        ret
area:   mov rax, [rdi]
        jmp [rax]
_start: mov edi, square
        call area
        mov ebx, eax
        mov edi, rect
        call area
        lea edi, [rbx + rax]
        mov eax, 60
        syscall
