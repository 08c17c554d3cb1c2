; Structures, unions by hand, tables of constants, strings in all encodings.
        bits    32
struc point
.x      resd    1
.y      resd    1
endstruc
struc circle, 4
.centre resb    point_size
.radius resq    1
.flags  resw    1
endstruc
one:    istruc  circle
        at .centre, dd 5, 6
        at .radius, dq 1.5
        at .flags, dw 3
        iend
        dd      circle_size, circle.radius, point.y
        mov     eax, [one + circle.centre + point.y]
        fld     qword [one + circle.radius]
        dw      __utf16__('wide'), 0
        dd      __utf32__('w'), 0
        db      `tab\tend\0`, 'its', "a'b"
        dd      'abcd', 'ab', 1.5, -0.0, 1e10
        dq      3.14159, 0x7fffffffffffffff, -1
        dt      1.0, -2.5e300
        dw      'ab', 1, -1, 65535
        db      3 dup (1, 2), 2 dup (?), 'x'
        dw      4 dup (0x55aa)
here    equ     $ - one
        dd      here, here * 2, ~here, -here, here << 3, here / 7, here % 7, here // 7, here %% 7
        dd      (here > 3), here == 5, !here, 5 <=> 3, 1 ? 2 : 3
        align   16, db 0cch
        times   3 db 1, 2
        align   32
