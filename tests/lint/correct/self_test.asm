; A routine and its tests: each failing one has a status of its own.
; runs: status 0
        section .text
        global _start
gcd:    mov eax, edi
.next:  test esi, esi
        jz .done
        xor edx, edx
        div esi
        mov eax, esi
        mov esi, edx
        jmp .next
.done:  ret
%macro expect 3
        mov edi, %1
        mov esi, %2
        call gcd
        cmp eax, %3
        mov edi, __LINE__
        jne quit
%endmacro
_start: expect 12, 18, 6
        expect 7, 5, 1
        expect 9, 0, 9
        expect 100, 75, 25
        xor edi, edi
quit:   mov eax, 60
        syscall
