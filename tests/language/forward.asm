; Values that are known only further down: counts, differences, conditions.
        db end-start, (end-start) * 2
        dw last
start:  times 100-($-$$) db 0
        dw 0xaa55
end:
last    equ end + extra
extra   equ 7
