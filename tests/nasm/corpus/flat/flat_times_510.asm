; -f bin
org 0x7c00
cli
jmp $
times 510-($-$$) db 0
dw 0xaa55
;= fa eb fe 00*507 55 aa
