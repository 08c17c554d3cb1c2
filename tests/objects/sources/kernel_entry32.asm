; format: elf32
; A multiboot header in a section of its own, a stack, an external function.
MAGIC   equ 0x1badb002
FLAGS   equ 3
global  start
extern  kernel_main
section .multiboot
align 4
        dd MAGIC, FLAGS, -(MAGIC+FLAGS)
section .text
start:  mov esp, stack_top
        push ebx
        call kernel_main
.hang:  hlt
        jmp .hang
section .bss
align 16
stack:  resb 16384
stack_top:
