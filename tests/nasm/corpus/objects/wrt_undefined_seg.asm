; -f elf64
dd foo wrt bar
foo: dd 1
bar: dd 2
;= 2: error: invalid right-hand operand to WRT
