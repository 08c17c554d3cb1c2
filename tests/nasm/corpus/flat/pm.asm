; -f bin
org 0x7c00
bits 16
cli
lgdt [gdtr]
mov eax,cr0
or al,1
mov cr0,eax
jmp 8:pm
bits 32
pm: mov ax,16
mov ds,ax
mov esp,0x90000
jmp $
gdt: dq 0
dw 0xffff,0
db 0,0x9a,0xcf,0
gdtr: dw gdtr-gdt-1
dd gdt
times 510-($-$$) db 0
dw 0xaa55
;= fa 0f 01 16 30 7c 0f 20 c0 0c 01 0f 22 c0 ea 13
;= 7c 08 00 66 b8 10 00 8e d8 bc 00 00 09 00 eb fe
;= 00 00 00 00 00 00 00 00 ff ff 00 00 00 9a cf 00
;= 0f 00 20 7c 00*458 55 aa
