; -f bin
	mov	ax,	bx	; tab
label	db	1
;= 89 d8 01
