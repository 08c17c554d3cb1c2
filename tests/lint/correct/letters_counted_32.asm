; format: elf32
; stdin: a bc  d\n
; runs: status 4

; Letters of the standard input, by a table of classes made when the program starts.
global _start
section .bss
classes: resb 256
buffer: resb 512
section .text
_start:
    mov edi, classes+'a'
    mov ecx, 26
    mov al, 1
    rep stosb
    xor ebp, ebp
read_more:
    mov eax, 3
    xor ebx, ebx
    mov ecx, buffer
    mov edx, 512
    int 0x80
    test eax, eax
    jle .end
    mov ecx, eax
    mov esi, buffer
.each:
    lodsb
    movzx eax, al
    movzx edx, byte [classes+eax]
    add ebp, edx
    loop .each
    jmp read_more
.end:
    mov ebx, ebp
    mov eax, 1
    int 0x80
