; Copies itself to a file of another name, then removes the copy.
; args: program copy
; runs: status 0

%define SYS_read   0
%define SYS_write  1
%define SYS_open   2
%define SYS_close  3
%define SYS_exit   60
%define SYS_unlink 87
%define O_RDONLY   0
%define O_CREAT_WR 0q101

section .bss
source  resq 1
target  resq 1
buffer  resb 1024

section .text
global _start
_start:
    cmp qword [rsp], 3
    jne usage
    mov rax, SYS_open
    mov rdi, [rsp+16]
    mov rsi, O_RDONLY
    syscall
    cmp rax, 0
    jl fail
    mov [source], rax
    mov rax, SYS_open
    mov rdi, [rsp+24]
    mov rsi, O_CREAT_WR
    mov rdx, 0q600
    syscall
    cmp rax, 0
    jl fail
    mov [target], rax
copy:
    mov rax, SYS_read
    mov rdi, [source]
    mov rsi, buffer
    mov rdx, 1024
    syscall
    cmp rax, 0
    jl fail
    je close
    mov rdx, rax
    mov rax, SYS_write
    mov rdi, [target]
    mov rsi, buffer
    syscall
    jmp copy
close:
    mov rax, SYS_close
    mov rdi, [source]
    syscall
    mov rax, SYS_close
    mov rdi, [target]
    syscall
    mov rax, SYS_unlink
    mov rdi, [rsp+24]
    syscall
    mov rdi, 0
    jmp exit
usage:
    mov rax, SYS_write
    mov rdi, 2
    mov rsi, text
    mov rdx, text.len
    syscall
    mov rdi, 2
    jmp exit
fail:
    mov rdi, 1
exit:
    mov rax, SYS_exit
    syscall

section .rodata
text: db "usage: copy FROM TO", 10
.len  equ $-text
