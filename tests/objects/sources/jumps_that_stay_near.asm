; A jump ahead over 124 to 127 bytes is near where code before it grew by hundreds of bytes in one pass.
section .text
first:
        je      .short
        times 124 nop
.short:
%rep 80
        je      distant
%endrep
        je      .left
        times 123 nop
.left:  je      .near
        times 124 nop
.near:  jmp     .other
        times 125 nop
.other: jmp     .last
        times 124 nop
.last:  je      .back
        times 127 nop
.back:  jmp     .back
        times 126 nop
        jmp     .back
        times 200 nop
distant:    add     rax, [rbx+distant-first.back]
        je      .end
        mov     eax, [rcx+later]
        times 123 nop
.end:
later   equ     5
