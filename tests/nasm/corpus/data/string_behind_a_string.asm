; -f bin -w-all
; What stands behind a string without a comma is dropped.
        db 'a' 'b' 'c', 5
        db 'x''y', 6
        db 1 ), 7
        db 2 dup (1), 'a' 'b', 4
;= 61 78 01 01 01 61
