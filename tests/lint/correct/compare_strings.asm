; Two texts compared by a string instruction; the flags are the answer.
; runs: status 1
        section .rodata
left:   db "north"
right:  db "south"
        section .text
        global _start
_start: cld
        mov ecx, 5
        mov esi, left
        mov edi, right
        repe cmpsb
        je .same
        mov edi, 1
        jmp .exit
.same:  xor edi, edi
.exit:  mov eax, 60
        syscall
