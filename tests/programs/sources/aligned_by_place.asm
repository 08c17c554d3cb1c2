; stdout: 6 8 10 12\n
; status: 6
; Data that is aligned only because its section begins so, as it does when ld links it.
        section .text
        global  _start
_start: movaps  xmm0, [first]
        addps   xmm0, [second]
        nop
        movaps  [room], xmm0
        movdqa  xmm1, [text]
        movdqa  [shown], xmm1
        mov     eax, 1
        mov     edi, 1
        mov     esi, shown
        mov     edx, 10
        syscall
        cvttss2si edi, [room]
        mov     eax, 60
        syscall
        section .rodata
text:   db      "6 8 10 12", 10, 0, 0, 0, 0, 0, 0
        section .data
first:  dd      1.0, 2.0, 3.0, 4.0
second: dd      5.0, 6.0, 7.0, 8.0
        section .bss
room:   resd    4
shown:  resd    4
