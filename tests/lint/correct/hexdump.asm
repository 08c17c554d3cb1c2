; stdin: AZ az
; runs: stdout 41 5a 20 61 7a \n

global _start
section .rodata
digits: db "0123456789abcdef"
section .bss
in_buf:  resb 16
out_buf: resb 16*3+1
section .text
_start:
    mov eax, 0
    mov edi, 0
    mov rsi, in_buf
    mov edx, 16
    syscall
    test eax, eax
    jle exit
    mov ecx, eax
    mov rsi, in_buf
    mov rdi, out_buf
    mov rbx, digits
    cld
.byte:
    lodsb
    mov ah, al
    shr al, 4
    xlatb
    stosb
    mov al, ah
    and al, 15
    xlatb
    stosb
    mov al, ' '
    stosb
    loop .byte
    mov al, 10
    stosb
    mov rdx, rdi
    sub rdx, out_buf
    mov rsi, out_buf
    mov edi, 1
    mov eax, 1
    syscall
exit:
    mov eax, 60
    xor edi, edi
    syscall
