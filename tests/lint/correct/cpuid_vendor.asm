; The processor's name for its maker, by an instruction that writes four registers.
; runs: status 0
        section .bss
vendor: resd 3
newline: resb 1
        section .text
        global _start
_start: xor eax, eax
        cpuid
        mov [vendor], ebx
        mov [vendor + 4], edx
        mov [vendor + 8], ecx
        mov byte [newline], 10
        mov eax, 1
        mov edi, 2
        mov esi, vendor
        mov edx, newline - vendor + 1
        syscall
        xor edi, edi
        mov eax, 60
        syscall
