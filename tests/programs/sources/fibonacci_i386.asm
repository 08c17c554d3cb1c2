; format: elf32
; stdout: 0 1 1 2 3 5 8 13 21 34 55 89 \n

%macro print 2
        pushad
        mov     ecx, %1
        mov     edx, %2
        mov     eax, 4
        mov     ebx, 1
        int     80h
        popad
%endmacro

%macro prologue 1
        push    ebp
        mov     ebp, esp
        sub     esp, %1
%endmacro

section .data
space   db ' '
newline db 0xa
ten     dd 10

section .bss
digits  resb 12

section .text
global _start
_start:
        xor     esi, esi
        mov     edi, 1
        mov     ecx, 12
.loop:
        push    ecx
        push    esi
        call    number
        add     esp, 4
        print   space, 1
        pop     ecx
        xadd    esi, edi
        xchg    esi, edi
        xchg    esi, edi
        loop    .loop
        print   newline, 1
        mov     eax, 1
        xor     ebx, ebx
        int     80h

number:
%push frame
%stacksize flat
%arg value:dword
%assign %$localsize 0
%local count:dword
        prologue %$localsize
        mov     dword [count], 0
        mov     eax, [value]
        lea     ebx, [digits + 12]
.digit:
        xor     edx, edx
        div     dword [ten]
        add     dl, '0'
        dec     ebx
        mov     [ebx], dl
        inc     dword [count]
        test    eax, eax
        jne     .digit
        print   ebx, [count]
        leave
        ret
%pop
