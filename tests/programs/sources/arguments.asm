; The initial stack: argc, then argv; each argument on a line of its own, argc as the status.
; args: one "two words" --three
; stdout: one\ntwo words\n--three\n
; status: 4

        global  _start
        section .text
_start: mov     r12, [rsp]              ; argc
        lea     rbx, [rsp + 16]         ; &argv[1]
.next:  mov     rsi, [rbx]
        test    rsi, rsi
        jz      .done
        xor     edx, edx
.count: cmp     byte [rsi + rdx], 0
        je      .write
        inc     rdx
        jmp     .count
.write: mov     byte [rsi + rdx], 10    ; argument strings may be written to
        inc     rdx
        mov     eax, 1
        mov     edi, 1
        syscall
        add     rbx, 8
        jmp     .next
.done:  mov     eax, 60
        mov     rdi, r12
        syscall
