; format: elf32
; stdout: ok\n
; status: 3
; Machine code that stands among the data, called by its label.
        global  _start
        section .text
_start: call    code
        mov     ebx, eax
        mov     eax, 1
        int     0x80

        section .data
text:   db      "ok", 10
code:   db      0xb8, 4, 0, 0, 0, 0xbb, 1, 0, 0, 0      ; mov eax, 4; mov ebx, 1
        db      0xb9
        dd      text
        db      0xba, 3, 0, 0, 0, 0xcd, 0x80, 0xc3      ; mov edx, 3; int 0x80; ret
