; -f bin
a_b$c#d@e~f.g?h: nop
dw a_b$c#d@e~f.g?h
?x: nop
_y: dw ?x, _y
@z: dw @z
;= 90 00 00 90 03 00 04 00 08 00
