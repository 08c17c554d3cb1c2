; format: elf32
; The same in ELF32.
global  seen
section .data
seen:   dd seen, unseen
unseen: dd seen-8, unseen+8, $$, $
section .text
        mov eax, unseen
        mov ecx, [seen]
        call seen
        call near_by
near_by:
