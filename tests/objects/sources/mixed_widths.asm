; Addresses of one and two bytes, which only a linker script can make fit.
extern  e
section .data
here:   db e, here-$$
        dw e, here, e-$
        dd e, here
        dq e, here
section .text
        mov al, e
        mov ax, e
        mov eax, e
        mov rax, e
        mov byte [rbx], e
        add rax, strict byte e
        push word e
