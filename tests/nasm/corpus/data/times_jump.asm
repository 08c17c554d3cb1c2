; -f bin
times 3 jmp x
x:
times 2 call x
times 3 jmp $
times 2 jmp $+1
;= eb 04 eb 02 eb 00 e8 fd ff e8 fa ff eb fe eb fc
;= eb fa eb ff eb fd
