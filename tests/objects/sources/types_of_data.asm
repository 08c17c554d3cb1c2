; With -g, local symbols are data if data stand behind them, with the size of an element.
section .data
global g
common c 4
bytes: db 1,2,3
words: dw 1
four: dd 1
many: times 5 dq 1
ten: dt 1.0
code: nop
        db 5
outer:
inner: dd 1
number equ 5
        dd 1
place equ $
        dw 2
g:      dd 1
