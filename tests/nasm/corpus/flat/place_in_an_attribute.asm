; -f bin
; `$` in the attributes of a section is the place before the section.
        times 5 db 1
section .data vstart=0x20000+($-$$) align=1
        dd $, $$
;= 01 01 01 01 01 05 00 02 00 05 00 02 00
