; with: weak_definitions_part.inc
; status: 76
; Of two definitions the strong one holds; a source's own references keep meaning its own.

        extern  other, call_other
        extern  missing:weak
        global  _start
        global  value:data weak
        global  function:function weak

        section .data
value:  dd      1

        section .text
_start: call    function                ; this one's
        add     edi,[rel value]
        call    function wrt ..plt      ; the other's
        call    call_other
        add     edi,[rel other]
        mov     eax,missing
        test    eax,eax
        jz      .end
        call    missing
.end:   mov     eax,60
        syscall

        section apart exec
function:
        mov     edi,2
        ret
