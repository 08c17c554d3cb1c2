; -f bin
; A macro library's hint before a branch target: the count of a negative distance is cut to 32 bits.
%macro filler 1
	times ((%1-$)>>31)+1 db 0xcc
	times 1-(((%1-$)>>31)&1) db 0xdd
%endmacro
target: nop
	filler target
	db 1
	jmp over
	filler target
	jmp $+3
	filler target
over:	times 0x200000001 dw $-$$
	times ((target-$-1)>>31)+2 call target
;= 90 01 eb 02 eb 01 06 00 e8 f5 ff
