        section .text
_start: nop
.loop:  jmp     .loop
main:   nop
_start: nop
main    equ     5
.loop:  nop
.loop:  nop
