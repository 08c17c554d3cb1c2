; A list on a heap from brk: pushed, reversed, printed, with a structure and macros.
; stdout: 5 4 3 2 1 \n1 2 3 4 5 \n

%define SYS_WRITE 1
%define SYS_BRK   12
%define SYS_EXIT  60
%define STDOUT    1

%macro sys 1-4
        mov     eax, %1
%if %0 > 1
        mov     rdi, %2
%endif
%if %0 > 2
        mov     rsi, %3
%endif
%if %0 > 3
        mov     rdx, %4
%endif
        syscall
%endmacro

struc node
        .value: resd 1
                alignb 8
        .next:  resq 1
endstruc

        section .bss
head:   resq    1
heap:   resq    1
text:   resb    8

        section .text
        global  _start

_start: sys     SYS_BRK, 0
        mov     [heap], rax
        lea     rdi, [rax + 4096]
        mov     eax, SYS_BRK
        syscall
        mov     ebx, 1
.fill:  mov     edi, ebx
        call    list_push
        inc     ebx
        cmp     ebx, 5
        jbe     .fill
        call    list_print
        call    list_reverse
        call    list_print
        sys     SYS_EXIT, 0

; rax: room for a node
allocate:
        mov     rax, [heap]
        add     qword [heap], node_size
        ret

list_push:
        call    allocate
        mov     [rax + node.value], edi
        mov     rcx, [head]
        mov     [rax + node.next], rcx
        mov     [head], rax
        ret

list_reverse:
        xor     ecx, ecx
        mov     rax, [head]
.step:  test    rax, rax
        jz      .done
        mov     rdx, [rax + node.next]
        mov     [rax + node.next], rcx
        mov     rcx, rax
        mov     rax, rdx
        jmp     .step
.done:  mov     [head], rcx
        ret

list_print:
        push    rbx
        mov     rbx, [head]
.next:  test    rbx, rbx
        jz      .end
        mov     eax, [rbx + node.value]
        add     al, '0'
        mov     ah, ' '
        mov     [text], ax
        sys     SYS_WRITE, STDOUT, text, 2
        mov     rbx, [rbx + node.next]
        jmp     .next
.end:   mov     byte [text], `\n`
        sys     SYS_WRITE, STDOUT, text, 1
        pop     rbx
        ret
