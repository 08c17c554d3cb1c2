; -f bin
ret: jmp ret
;= eb fe
