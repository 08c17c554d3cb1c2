; format: elf32
; stdout: Hello, World\n

SECTION .data
        Msg:    db 'Hello, World', 10
        MsgLen: equ $-Msg

SECTION .bss

SECTION .text
Global _start

_start:
        nop
        Mov EAX,4
        mov ebx,1
        mov ecx,Msg
        mov edx,MsgLen
        int 80H
        mov eax,1
        mov ebx,0
        int 80h
