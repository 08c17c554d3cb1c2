; format: elf32
; runs: 4
; The same in ELF32.
global  _start
common  counter 4:4
section .text
_start: mov dword [counter], 4
        mov ebx, [counter]
        mov eax, 1
        int 0x80
