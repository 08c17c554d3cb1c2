; runs: stdout Hi\n

; An interpreter; the program is in the data.
default rel
global _start
section .rodata
program:
    db "++++++++[>+++++++++<-]>.[-]"
    db "+++++++[>+++++++++++++++<-]>."
    db "[-]++++++++++.", 0
section .bss
tape: resb 256
section .text
_start:
    lea rsi, [program]
    lea rbx, [tape]
    jmp fetch
step:
    inc rsi
fetch:
    movzx eax, byte [rsi]
    test al, al
    jz exit
    cmp al, '>'
    je right
    cmp al, '<'
    je left
    cmp al, '+'
    je plus
    cmp al, '-'
    je minus
    cmp al, '.'
    je put
    cmp al, '['
    je open
    cmp al, ']'
    je close
    jmp step
right:
    inc rbx
    jmp step
left:
    dec rbx
    jmp step
plus:
    inc byte [rbx]
    jmp step
minus:
    dec byte [rbx]
    jmp step
put:
    push rsi
    mov eax, 1
    mov edi, 1
    mov rsi, rbx
    mov edx, 1
    syscall
    pop rsi
    jmp step
open:
    cmp byte [rbx], 0
    jne step
    mov ecx, 1
.skip:
    inc rsi
    cmp byte [rsi], '['
    jne .no
    inc ecx
.no:
    cmp byte [rsi], ']'
    jne .skip
    dec ecx
    jnz .skip
    jmp step
close:
    cmp byte [rbx], 0
    je step
    mov ecx, 1
.back:
    dec rsi
    cmp byte [rsi], ']'
    jne .not
    inc ecx
.not:
    cmp byte [rsi], '['
    jne .back
    dec ecx
    jnz .back
    jmp step
exit:
    mov eax, 60
    xor edi, edi
    syscall
