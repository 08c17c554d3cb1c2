; A pair of sockets and a child: the parent sends, the child answers in capitals.
; include: linux.inc
; stdout: HELLO SOCKET\n

BITS 64
%include "linux.inc"

section .data
        request db 'hello socket', 10
        request_len equ $ - request
        pair    times 2 dd 0

section .bss
        reply   resb 64

section .text
        global _start
_start:
        syscall4 SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair
        test    eax, eax
        js      failed
        syscall0 SYS_fork
        test    eax, eax
        js      failed
        jz      child

        mov     r12d, eax
        syscall3 SYS_write, [pair], request, request_len
        syscall3 SYS_read, [pair], reply, 64
        mov     r13, rax
        syscall3 SYS_write, 1, reply, r13
        syscall4 SYS_wait4, r12, 0, 0, 0
        exit    0

child:  syscall3 SYS_read, [pair + 4], reply, 64
        mov     rcx, rax
        mov     r13, rax
        mov     rsi, reply
.upper: cmp     byte [rsi], 'a'
        jb      .skip
        cmp     byte [rsi], 'z'
        ja      .skip
        and     byte [rsi], ~20h
.skip:  inc     rsi
        loop    .upper
        syscall3 SYS_write, [pair + 4], reply, r13
        exit    0

failed: exit    1
