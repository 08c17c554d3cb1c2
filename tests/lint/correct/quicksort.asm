; Quicksort of words by recursion, then a check that they are in order.
; runs: status 0
        section .data
words:  dw 9, 3, 7, 1, 8, 2, 2, 6, 0, 5
count   equ ($ - words) / 2
        section .text
        global _start
; rdi first, rsi last
sort:   cmp rdi, rsi
        jae .done
        mov rcx, rdi
        mov rdx, rsi
        mov ax, [rdi]
.down:  cmp [rdx], ax
        jle .up
        sub rdx, 2
        jmp .down
.up:    cmp [rcx], ax
        jge .swap
        add rcx, 2
        jmp .up
.swap:  cmp rcx, rdx
        jae .parts
        mov r8w, [rcx]
        xchg r8w, [rdx]
        mov [rcx], r8w
        sub rdx, 2
        jmp .down
.parts: push rsi
        push rdx
        mov rsi, rdx
        cmp rsi, rdi
        je .low
        call sort
.low:   pop rdi
        pop rsi
        add rdi, 2
        jmp sort
.done:  ret
_start: mov rdi, words
        lea rsi, [rdi + 2 * (count - 1)]
        call sort
        mov rbx, words
        mov ecx, count - 1
.check: mov ax, [rbx]
        add rbx, 2
        cmp ax, [rbx]
        jg .bad
        loop .check
        xor edi, edi
        jmp .exit
.bad:   mov edi, 1
.exit:  mov eax, 60
        syscall
