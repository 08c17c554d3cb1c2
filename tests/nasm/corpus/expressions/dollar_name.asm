; -f bin
$eax: dw $eax
dw $mov
$mov equ 5
mov ax, $ax
$ax equ 7
;= 00 00 05 00 b8 07 00
