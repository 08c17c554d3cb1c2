; Reads a folder and counts its entries; the status says whether there were any.
; runs: status 0
%define O_DIRECTORY 0o200000
        section .rodata
path:   db "/proc/self", 0
        section .bss
room:   resb 4096
        section .text
        global _start
_start: mov eax, 2
        lea rdi, [rel path]
        mov esi, O_DIRECTORY
        xor edx, edx
        syscall
        test eax, eax
        js .fail
        mov r12d, eax
        xor r13d, r13d
.more:  mov eax, 217
        mov edi, r12d
        lea rsi, [rel room]
        mov edx, 4096
        syscall
        test eax, eax
        js .fail
        jz .done
        lea rbx, [rel room]
        lea rbp, [rbx + rax]
.entry: inc r13d
        movzx eax, word [rbx + 16]
        add rbx, rax
        cmp rbx, rbp
        jb .entry
        jmp .more
.done:  cmp r13d, 2
        jbe .fail
        xor edi, edi
        jmp .exit
.fail:  mov edi, 1
.exit:  mov eax, 60
        syscall
