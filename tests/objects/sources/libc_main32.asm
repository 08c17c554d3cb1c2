; format: elf32
; A program for the C library, in the old manner.
        global  main
        extern  printf, puts
        section .data
format: db      "%d: %s", 10, 0
names:  dd      first, second
first   db      "first", 0
second  db      "second", 0
        section .bss
saved:  resd    1
        section .text
main:
        push    ebp
        mov     ebp, esp
        push    ebx
        xor     ebx, ebx
.next:  mov     [saved], ebx
        push    dword [names + ebx*4]
        push    ebx
        push    dword format
        call    printf
        add     esp, 12
        inc     ebx
        cmp     ebx, 2
        jl      .next
        push    first
        call    puts
        pop     eax
        xor     eax, eax
        pop     ebx
        leave
        ret
