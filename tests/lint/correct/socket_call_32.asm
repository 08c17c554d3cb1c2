; format: elf32
; runs: stdout over

; A pair of sockets by socketcall, whose arguments are on the stack.
global _start
section .data
text: db "over"
text_end:
section .bss
pair: resd 2
buffer: resb 16
section .text
_start:
    push pair
    push 0
    push 1                      ; SOCK_STREAM
    push 1                      ; AF_UNIX
    mov ecx, esp
    mov ebx, 8                  ; socketpair
    mov eax, 102
    int 0x80
    add esp, 16
    test eax, eax
    js .failed
    mov eax, 4
    mov ebx, [pair]
    mov ecx, text
    mov edx, text_end-text
    int 0x80
    mov eax, 3
    mov ebx, [pair+4]
    mov ecx, buffer
    mov edx, 16
    int 0x80
    test eax, eax
    jle .failed
    mov edx, eax
    mov eax, 4
    mov ebx, 1
    mov ecx, buffer
    int 0x80
    xor ebx, ebx
    jmp .end
.failed:
    mov ebx, 1
.end:
    mov eax, 1
    int 0x80
