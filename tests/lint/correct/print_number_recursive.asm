; Decimal digits by recursion: the last digit waits on the stack.
; runs: stdout 40320\n
        section .bss
digit:  resb 1
        section .text
        global _start
print:  xor edx, edx
        mov ecx, 10
        div rcx
        push rdx
        test rax, rax
        jz .last
        call print
.last:  pop rax
        add al, '0'
put:    mov [digit], al
        mov eax, 1
        mov edi, 1
        mov esi, digit
        mov edx, 1
        syscall
        ret
_start: mov eax, 1
        mov ecx, 8
.times: mul rcx
        dec ecx
        jnz .times
        call print
        mov al, 10
        call put
        mov eax, 60
        xor edi, edi
        syscall
