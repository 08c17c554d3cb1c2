; Operations by name: a table of text and function, searched with the first argument.
; args: mul 6 7
; runs: status 42
        section .rodata
add_t:  db "add", 0
mul_t:  db "mul", 0
table:  dq add_t, do_add
        dq mul_t, do_mul
        dq 0, 0
        section .text
        global _start
do_add: lea rax, [rdi + rsi]
        ret
do_mul: mov rax, rdi
        imul rax, rsi
        ret
number: movzx eax, byte [rdi]
        sub eax, '0'
        ret
same:   mov al, [rdi]
        cmp al, [rsi]
        jne .no
        inc rdi
        inc rsi
        test al, al
        jnz same
        mov eax, 1
        ret
.no:    xor eax, eax
        ret
_start: mov rbp, rsp
        cmp qword [rbp], 4
        jne .usage
        mov rbx, table
.next:  mov rsi, [rbx]
        test rsi, rsi
        jz .usage
        mov rdi, [rbp + 16]
        call same
        test eax, eax
        jnz .found
        add rbx, 16
        jmp .next
.found: mov rdi, [rbp + 24]
        call number
        mov r12, rax
        mov rdi, [rbp + 32]
        call number
        mov rsi, rax
        mov rdi, r12
        call [rbx + 8]
        mov edi, eax
        jmp .exit
.usage: mov edi, 2
.exit:  mov eax, 60
        syscall
