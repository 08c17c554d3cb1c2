; runs: 42
; Symbols that are numbers: equ, absolute, struc; one of them another file may see.
global  answer, _start
answer  equ 42
negative equ -1
large   equ 0x123456789abcdef0
absolute 0x10
room:   resb 8
room_end:
struc record
.first: resd 1
.second: resq 1
endstruc
section .text
_start: mov eax, 60
        mov edi, answer
        mov rsi, large
        mov ecx, room_end-room
        mov dl, [rsp+record.second]
        syscall
