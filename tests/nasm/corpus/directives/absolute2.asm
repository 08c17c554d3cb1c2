; -f bin
absolute 0x1a
kbuf_chr resw 1
kbuf_free resw 1
kbuf resw 16
section .text
mov ax,[kbuf]
mov bx, kbuf_free
dw $ - $$
;= a1 1e 00 bb 1c 00 06 00
