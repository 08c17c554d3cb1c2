; runs: 7
; A weak definition, a weak reference that nothing satisfies, a strong one.
global  _start
global  maybe:function weak
extern  missing:weak
section .text
_start: mov rdi, missing
        test rdi, rdi
        jnz .end
        call maybe
.end:   mov eax, 60
        syscall
maybe:  mov edi, 7
        ret
