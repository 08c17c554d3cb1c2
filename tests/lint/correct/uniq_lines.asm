; Copies its input but for repeated letters; a buffer of one byte each way.
; stdin: aabbbc\n
; runs: stdout abc\n
        section .bss
now:    resb 1
last:   resb 1
        section .text
        global _start
_start:
.next:  xor eax, eax
        xor edi, edi
        mov rsi, now
        mov edx, 1
        syscall
        cmp rax, 1
        jne .end
        mov al, [now]
        cmp al, [last]
        je .next
        mov [last], al
        mov eax, 1
        mov edi, 1
        mov rsi, now
        mov edx, 1
        syscall
        jmp .next
.end:   mov eax, 60
        xor edi, edi
        syscall
