; Local labels, special labels, dollar names, equ (nasmdoc 3.1, 3.9).
        org 0x100
first:
.a:     db 1
.b      db 2
bar     equ 3
        dw .a, .b, first.a, second.a, bar
second: db 0
.a:
..@odd: db 4
        dw .a, ..@odd, $second, second
$eax:   dw $eax, eax_2
eax_2:
.in     equ $-second
        dw .in, eax_2.in
mov:    dw mov
both: db 1
 dw both
