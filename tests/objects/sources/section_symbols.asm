; A local label is named through its section's symbol, a global one by itself.
global  seen
section .data
seen:   dq seen, unseen
unseen: dq seen-8, unseen+8, $$, $, other
section .rodata
other:  dd seen, unseen, other
section .text
        mov rax, unseen
        lea rbx, [rel seen]
        lea rcx, [rel unseen+3]
