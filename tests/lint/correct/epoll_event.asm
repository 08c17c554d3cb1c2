; An eventfd in an epoll set, signalled and waited for.
; runs: status 3
%define SYS_write         1
%define SYS_exit         60
%define SYS_epoll_wait  232
%define SYS_epoll_ctl   233
%define SYS_eventfd2    290
%define SYS_epoll_create1 291
        section .data
event:  dd 1
        dq 3
count:  dq 1
        section .bss
ready:  resb 12*4
        section .text
        global _start
_start: xor edi, edi
        xor esi, esi
        mov eax, SYS_eventfd2
        syscall
        mov ebx, eax
        xor edi, edi
        mov eax, SYS_epoll_create1
        syscall
        mov ebp, eax
        mov edi, ebp
        mov esi, 1
        mov edx, ebx
        mov r10, event
        mov eax, SYS_epoll_ctl
        syscall
        mov edi, ebx
        mov rsi, count
        mov edx, 8
        mov eax, SYS_write
        syscall
        mov edi, ebp
        mov rsi, ready
        mov edx, 4
        mov r10, -1
        mov eax, SYS_epoll_wait
        syscall
        cmp eax, 1
        jne .bad
        mov edi, [ready + 4]
        jmp .exit
.bad:   mov edi, 1
.exit:  mov eax, SYS_exit
        syscall
