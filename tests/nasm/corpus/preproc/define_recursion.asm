; -f bin -w+all
%define a a + 1
a equ 4
db a
%define x y
%define y x
x equ 6
db x
db y
;= 3: error: parser: instruction expected
