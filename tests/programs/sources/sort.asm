; 10,000 numbers from a generator, sorted by quicksort and insertion sort, checked, and a sum written out.
; stdout: sorted 10000, checksum 326934277\n

COUNT   equ     10_000
SMALL   equ     16

        section .bss
        alignb  16
numbers resd    COUNT
digits  resb    20

        section .rodata
text1   db      "sorted "
text1.length equ $ - text1
text2   db      ", checksum "
text2.length equ $ - text2
wrong   db      "not sorted", 10
.length equ     $ - wrong

        section .text
        global  _start

_start: mov     eax, 12345
        xor     ebx, ebx
        mov     r12, numbers
        xor     r13d, r13d              ; the sum, modulo 2^32
.fill:  imul    eax, eax, 1103515245
        add     eax, 12345
        mov     edx, eax
        shr     edx, 16
        mov     [r12 + rbx*4], edx
        add     r13d, edx
        inc     ebx
        cmp     ebx, COUNT
        jb      .fill

        mov     rdi, numbers
        lea     rsi, [numbers + (COUNT - 1) * 4]
        call    quicksort

        mov     ecx, 1
.check: mov     eax, [numbers + rcx*4]
        sub     r13d, [numbers + rcx*4]
        cmp     eax, [numbers + rcx*4 - 4]
        jb      .unsorted
        inc     ecx
        cmp     ecx, COUNT
        jne     .check
        sub     r13d, [numbers]
        jnz     .unsorted               ; the same numbers as before

        mov     rsi, text1
        mov     edx, text1.length
        call    print
        mov     eax, COUNT
        call    print_number
        mov     rsi, text2
        mov     edx, text2.length
        call    print
        xor     eax, eax
        xor     ecx, ecx
.sum:   add     eax, [numbers + rcx*4]
        inc     ecx
        cmp     ecx, COUNT
        jb      .sum
        call    print_number
        mov     byte [digits], 10
        mov     rsi, digits
        mov     edx, 1
        call    print
        xor     edi, edi
        jmp     exit
.unsorted:
        mov     rsi, wrong
        mov     edx, wrong.length
        call    print
        mov     edi, 1
exit:   mov     eax, 60
        syscall

; rdi..rsi: first and last element, both included.
quicksort:
        mov     rax, rsi
        sub     rax, rdi
        cmp     rax, SMALL * 4
        jl      insertion
        sar     rax, 3
        mov     r8d, [rdi + rax*4]      ; the pivot
        mov     r9, rdi
        mov     r10, rsi
.left:  cmp     [r9], r8d
        jae     .right
        add     r9, 4
        jmp     .left
.right: cmp     [r10], r8d
        jbe     .swap
        sub     r10, 4
        jmp     .right
.swap:  cmp     r9, r10
        ja      .split
        mov     eax, [r9]
        xchg    eax, [r10]
        mov     [r9], eax
        add     r9, 4
        sub     r10, 4
        cmp     r9, r10
        jbe     .left
.split: push    r9
        push    rsi
        mov     rsi, r10
        call    quicksort
        pop     rsi
        pop     rdi
        jmp     quicksort

insertion:
        lea     r9, [rdi + 4]
.outer: cmp     r9, rsi
        ja      .done
        mov     eax, [r9]
        mov     r10, r9
.inner: cmp     r10, rdi
        je      .place
        mov     edx, [r10 - 4]
        cmp     edx, eax
        jbe     .place
        mov     [r10], edx
        sub     r10, 4
        jmp     .inner
.place: mov     [r10], eax
        add     r9, 4
        jmp     .outer
.done:  ret

; eax in decimal
print_number:
        lea     rsi, [digits + 20]
        mov     ecx, 10
.digit: xor     edx, edx
        div     ecx
        add     dl, '0'
        dec     rsi
        mov     [rsi], dl
        test    eax, eax
        jnz     .digit
        lea     rdx, [digits + 20]
        sub     rdx, rsi
print:  mov     eax, 1
        mov     edi, 1
        syscall
        ret
