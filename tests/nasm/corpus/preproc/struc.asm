; -f bin -w+all
struc point
.x: resw 1
.y: resd 1
.z resb 3
endstruc
db point.x, point.y, point.z, point_size
struc header, 16
.a: resb 4
.b: resb 4
endstruc
db header.a, header.b, header_size
struc plain
plain_a: resd 1
plain_b: resd 1
endstruc
db plain_a, plain_b, plain_size
;= 00 02 06 09 10 14 08 00 04 08
