; -f elf64
; nothing
