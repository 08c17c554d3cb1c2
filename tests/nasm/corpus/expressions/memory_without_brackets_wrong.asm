; -f bin
; What may not stand where an address begins.
        bits 64
table:
        mov eax, rel table[rbx]
        mov eax, es:fs:table
        mov eax, 5:table
        mov eax, es:[fs:table]
;= 5: error: invalid operand size specification
;= 6: error: instruction has conflicting segment overrides
;= 7: error: invalid segment override
;= 8: error: instruction has conflicting segment overrides
