; A boot sector: prints through the BIOS, reads a sector, loads a GDT, enters protected mode.
        bits    16
        org     0x7c00
KERNEL  equ     0x1000

start:  jmp     short main
        nop
oem:    db      "TINY    "
        times   33 db 0
main:   cli
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7c00
        sti
        mov     [drive], dl
        mov     si, message
        call    print
.read:  mov     ah, 2
        mov     al, (kernel_end - kernel + 511) / 512
        mov     bx, KERNEL
        mov     cx, 2
        mov     dh, 0
        mov     dl, [drive]
        int     13h
        jc      .read
        lgdt    [gdt.descriptor]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     dword gdt.code - gdt:protected

print:  lodsb
        or      al, al
        jz      .done
        mov     ah, 0eh
        mov     bx, 7
        int     10h
        jmp     print
.done:  ret

        bits    32
protected:
        mov     ax, gdt.data - gdt
        mov     ds, ax
        mov     esp, 0x90000
        mov     edi, 0xb8000
        mov     dword [edi], 0x2f4b2f4f
        call    KERNEL
        hlt
        jmp     $ - 1

        align   8
gdt:    dq      0
.code:  dw      0xffff, 0
        db      0, 10011010b, 11001111b, 0
.data:  dw      0xffff, 0
        db      0, 10010010b, 11001111b, 0
.end:
.descriptor:
        dw      .end - gdt - 1
        dd      gdt

message: db     "loading", 13, 10, 0
drive:  db      0
        times   510 - ($ - $$) db 0
        dw      0xaa55
kernel: mov     eax, [esp]
        ret
kernel_end:
        times   1024 - ($ - $$) db 0f4h
