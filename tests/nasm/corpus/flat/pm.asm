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
