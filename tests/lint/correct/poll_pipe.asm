; runs: status 5

; A byte is written into a pipe, and poll says that it can be read.
global _start
POLLIN equ 1
struc pollfd
.fd:      resd 1
.events:  resw 1
.revents: resw 1
endstruc
section .bss
ends:   resd 2
wanted: resb pollfd_size
byte_:  resb 1
section .text
_start:
    mov eax, 22
    mov rdi, ends
    syscall
    test eax, eax
    js .failed
    mov byte [byte_], 5
    mov eax, 1
    mov edi, [ends+4]
    mov rsi, byte_
    mov edx, 1
    syscall
    mov byte [byte_], 0
    mov eax, [ends]
    mov [wanted+pollfd.fd], eax
    mov word [wanted+pollfd.events], POLLIN
    mov eax, 7
    mov rdi, wanted
    mov esi, 1
    mov edx, 1000
    syscall
    cmp eax, 1
    jne .failed
    test word [wanted+pollfd.revents], POLLIN
    jz .failed
    xor eax, eax
    mov edi, [ends]
    mov rsi, byte_
    mov edx, 1
    syscall
    movzx edi, byte [byte_]
    jmp .end
.failed:
    mov edi, 99
.end:
    mov eax, 60
    syscall
