; Letters turned by a table made while assembling.
; stdin: Hello\n
; runs: stdout Uryyb\n
        section .rodata
table:
%assign i 0
%rep 256
  %if i >= 'A' && i <= 'Z'
        db (i - 'A' + 13) % 26 + 'A'
  %elif i >= 'a' && i <= 'z'
        db (i - 'a' + 13) % 26 + 'a'
  %else
        db i
  %endif
  %assign i i + 1
%endrep
        section .bss
line:   resb 256
        section .text
        global _start
_start: xor eax, eax
        xor edi, edi
        mov rsi, line
        mov edx, 256
        syscall
        test eax, eax
        jle .end
        mov ecx, eax
        mov r12d, eax
        mov rbx, table
        mov rdi, line
.turn:  mov al, [rdi]
        xlatb
        stosb
        loop .turn
        mov edx, r12d
        mov rsi, line
        mov edi, 1
        mov eax, 1
        syscall
.end:   xor edi, edi
        mov eax, 60
        syscall
