; -f bin
[ORG 7C00h]
[BITS 16]
dw $
;= 00 7c
