; A list made of cells from an array, walked and summed.
; runs: status 15
CELLS   equ 5
        section .bss
cells:  resq 2 * CELLS
        section .text
        global _start
_start: xor ebx, ebx
        mov ecx, CELLS
        mov rdi, cells
.make:  mov [rdi], rcx
        mov [rdi + 8], rbx
        mov rbx, rdi
        add rdi, 16
        loop .make
        xor edi, edi
.walk:  test rbx, rbx
        jz .done
        add edi, [rbx]
        mov rbx, [rbx + 8]
        jmp .walk
.done:  mov eax, 60
        syscall
