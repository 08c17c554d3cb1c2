; -f bin
org 100h
jmp setup
align 4
resident: db 1,2,3
setup:
nop
absolute setup
runtimevar1 resw 1
runtimevar2 resd 20
section .text
mov ax, runtimevar2
mov [runtimevar1], ax
;= eb 05 90 90 01 02 03 90 b8 09 01 a3 07 01
