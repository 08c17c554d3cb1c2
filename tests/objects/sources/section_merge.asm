; Strings and constants that a linker may merge.
section .rodata.str1.1 merge strings noexec align=1
        db "one", 0
        db "one", 0
section .rodata.cst8 merge qword nowrite noexec align=8
pi:     dq 3.14159265358979
section .rodata.cst16 merge oword progbits align=16
        dq 1, 2
section .text
        movsd xmm0, [rel pi]
