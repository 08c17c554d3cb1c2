; -f bin -w+all
..@own: nop
..start: nop
..any equ 5
;= 3: error: unrecognised special symbol `..start'
;= 4: error: unrecognised special symbol `..any'
