; format: elfx32
; runs: 5
; The x32 ABI: 64-bit code in a file of 32-bit records, relocations with addends.
extern  theirs:weak
global  _start:function (_start.end-_start), value:data 4 hidden
common  room 16:8
%ifidn __?OUTPUT_FORMAT?__, elfx32
section .init_array
        dd      _start
%endif
section .data align=8
value:  dd      5
        dd      value+1, theirs, theirs+4, $+4
        dq      value+1, theirs
        dw      theirs
        db      theirs
table:  dd      _start-$, room
section .bss
        resb    10
section .tdata
mine:   dd      1
global  mine
section .text
_start: mov     edi, [rel value]
        lea     rsi, [rel room+4]
        mov     eax, value
        mov     rax, value
        mov     rax, qword value
        mov     eax, [value+rax]
        mov     rax, [rel theirs wrt ..got]
        mov     rax, [rel mine wrt ..gottpoff]
        call    theirs wrt ..plt
        jmp     theirs
        mov     eax, 0x4000003c
        syscall
.end:
