; A small printf: a jump table over the letters after `%`.
; stdout: text, -42, 0xdeadbeef, A, 100%\n

default rel
global _start

section .rodata
line:   db      "%s, %d, 0x%x, %c, 100%%", 10, 0
word1:  db      "text", 0
align 8
handlers:
        dq      0
%assign letter 'a'
%rep 26
  %if letter = 'c'
        dq      format.char
  %elif letter = 'd'
        dq      format.decimal
  %elif letter = 's'
        dq      format.string
  %elif letter = 'x'
        dq      format.hex
  %else
        dq      format.unknown
  %endif
  %assign letter letter + 1
%endrep
hex_digits: db  "0123456789abcdef"

section .bss
buffer: resb    256
number: resb    32
.end:

section .text
_start: push    'A'
        mov     eax, 0xdeadbeef
        push    rax
        push    -42
        lea     rax, [word1]
        push    rax
        lea     rsi, [line]
        call    format
        add     rsp, 32
        xor     edi, edi
        mov     eax, 60
        syscall

; rsi: format; arguments on the stack, the first at [rsp + 8]
format: lea     rbp, [rsp + 8]
        lea     rdi, [buffer]
.next:  lodsb
        cmp     al, '%'
        je      .escape
        test    al, al
        jz      .flush
.put:   stosb
        jmp     .next
.escape:
        lodsb
        cmp     al, '%'
        je      .put
        sub     al, 'a' - 1
        cmp     al, 26
        ja      .next
        movzx   eax, al
        lea     rdx, [handlers]
        jmp     [rdx + rax*8]
.char:  mov     rax, [rbp]
        add     rbp, 8
        jmp     .put
.string:
        mov     rcx, [rbp]
        add     rbp, 8
.copy:  mov     al, [rcx]
        test    al, al
        jz      .next
        stosb
        inc     rcx
        jmp     .copy
.decimal:
        mov     rax, [rbp]
        add     rbp, 8
        test    rax, rax
        jns     .positive
        neg     rax
        mov     byte [rdi], '-'
        inc     rdi
.positive:
        mov     ecx, 10
        jmp     .convert
.hex:   mov     rax, [rbp]
        add     rbp, 8
        mov     ecx, 16
.convert:
        lea     r8, [number.end]
.digit: xor     edx, edx
        div     rcx
        lea     r9, [hex_digits]
        mov     dl, [r9 + rdx]
        dec     r8
        mov     [r8], dl
        test    rax, rax
        jnz     .digit
.paste: mov     al, [r8]
        stosb
        inc     r8
        lea     r9, [number.end]
        cmp     r8, r9
        jne     .paste
        jmp     .next
.unknown:
        mov     al, '?'
        jmp     .put
.flush: lea     rsi, [buffer]
        mov     rdx, rdi
        sub     rdx, rsi
        mov     eax, 1
        mov     edi, eax
        syscall
        ret
