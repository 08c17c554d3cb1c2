; runs: stdout red\ngreen\nblue\n

global _start
section .data
names:  dq red, green, blue
sizes:  dq red_size, green_size, blue_size
current: dq red
red:    db "red", 10
red_size equ $-red
green:  db "green", 10
green_size equ $-green
blue:   db "blue", 10
blue_size equ $-blue
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, [current]
    mov rdx, [sizes]
    syscall
    mov ebx, 1
.next:
    mov rax, [names+rbx*8]
    mov [current], rax
    mov eax, 1
    mov edi, 1
    mov rsi, [current]
    mov rdx, [sizes+rbx*8]
    syscall
    inc ebx
    cmp ebx, 3
    jne .next
    mov eax, 60
    xor edi, edi
    syscall
