        section .text
_start: jmp     short far_away
        loop    far_away
        jrcxz   far_away
        times   200 nop
far_away: ret
