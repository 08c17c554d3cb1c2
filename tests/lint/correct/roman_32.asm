; Roman numerals by subtraction, 32 bits, into a buffer that grows.
; format: elf32
; runs: stdout MCMXCIV\n
        section .data
values: dd 1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1, 0
names:  db "M", 0, "CM", "D", 0, "CD", "C", 0, "XC", "L", 0, "XL", "X", 0, "IX", "V", 0, "IV", "I", 0
        section .bss
out:    resb 32
        section .text
        global _start
_start: mov eax, 1994
        mov esi, values
        mov ebx, names
        mov edi, out
.next:  mov ecx, [esi]
        jecxz .done
        cmp eax, ecx
        jb .smaller
        sub eax, ecx
        mov dl, [ebx]
        mov [edi], dl
        inc edi
        mov dl, [ebx + 1]
        test dl, dl
        jz .next
        mov [edi], dl
        inc edi
        jmp .next
.smaller:
        add esi, 4
        add ebx, 2
        jmp .next
.done:  mov byte [edi], 10
        inc edi
        mov ecx, out
        mov edx, edi
        sub edx, ecx
        mov ebx, 1
        mov eax, 4
        int 80h
        mov eax, 1
        xor ebx, ebx
        int 80h
