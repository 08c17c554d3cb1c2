; runs: 9
; Calls and jumps between sections, near and short, forward and back.
global  _start
section .text
_start: jmp second
back:   mov eax, 60
        syscall
section .text.second exec
second: mov edi, 4
        call third
        jmp back
section .text.third exec
third:  add edi, 5
        ret
