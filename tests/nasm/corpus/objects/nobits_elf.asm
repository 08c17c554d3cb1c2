; -f elf32
section .noinit nobits write alloc
x: resb 100
section .text
mov eax,[x]
