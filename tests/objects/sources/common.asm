; runs: 3
; Common symbols with sizes and alignments; the linker makes their room.
global  _start
common  counter 4
common  table 64:32
common  big 4096:8
section .text
_start: mov dword [counter], 3
        mov rax, table
        test al, 31
        jnz .end
        mov edi, [counter]
.end:   mov eax, 60
        syscall
