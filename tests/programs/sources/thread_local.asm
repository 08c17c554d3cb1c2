; tables: the linker relaxes loads from the table
; status: 83
; A thread pointer of its own, and thread-local variables before it.

        global  _start, first, second, third
ARCH_SET_FS equ 0x1002

        section .tdata
first:  dq      5
second: dq      6

        section .tbss align=16
third:  resq    3

        section .data
number: dq      9

        section .bss
        resb    256
pointer:
        resq    1

        section .text
_start: lea     rsi,[rel pointer]
        mov     [rsi],rsi
        mov     edi,ARCH_SET_FS
        mov     eax,158
        syscall
        mov     rax,[rel first wrt ..gottpoff]
        mov     qword [fs:rax],40
        mov     rax,[rel second wrt ..gottpoff]
        mov     qword [fs:rax],2
        mov     rax,[rel third wrt ..gottpoff]
        mov     qword [fs:rax],1
        xor     edi,edi
        mov     rcx,[rel first wrt ..gottpoff]
        add     rdi,[fs:rcx]
        xor     ecx,ecx
        add     rcx,[rel second wrt ..gottpoff]
        add     rdi,[fs:rcx]
        lea     rcx,[rel pointer]
        add     rcx,[rel third wrt ..gottpoff]
        add     rdi,[rcx]
        sub     rdi,[rel distance]
        ; The variables' first values are in the program's memory, for it to copy.
        add     rdi,[rel first]
        add     rdi,[rel number]
        add     rdi,26
        mov     eax,60
        syscall

        section .rodata
distance:
        dq      0
