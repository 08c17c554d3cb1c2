; A digit inside of the text is written to, and one text is the end of another.
; runs: stdout count: 7\nunknown\nknown\n

global _start
section .text
_start:
    mov byte [digit], '7'
    mov eax, 1
    mov edi, 1
    mov rsi, text
    mov edx, text_len
    syscall
    mov eax, 1
    mov rsi, unknown
    mov edx, unknown_len
    syscall
    mov eax, 1
    mov rsi, known
    mov edx, known_len
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .data
text: db "count: "
digit: db "0", 10
text_len equ $-text
unknown: db "un"
known: db "known", 10
unknown_len equ $-unknown
known_len equ $-known
