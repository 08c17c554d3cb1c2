; -f bin -w+all
struc back, -8
.a: resd 1
.b: resd 1
endstruc
db back.a, back.b, back_size
;= f8 fc 08
