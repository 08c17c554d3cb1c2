; Primes below 100 in a map of bits; their number is the status.
; runs: status 25
        section .bss
map:    resb 13
        section .text
        global _start
_start: mov ecx, 2
        xor edi, edi
.number:
        bt [map], ecx
        jc .next
        inc edi
        mov edx, ecx
        imul edx, ecx
.mark:  cmp edx, 100
        jae .next
        bts [map], edx
        add edx, ecx
        jmp .mark
.next:  inc ecx
        cmp ecx, 100
        jb .number
        mov eax, 60
        syscall
