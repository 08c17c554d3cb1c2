; -f bin
section foo vstart=0x100
dd section.foo.start, section.foo.vstart
;= 00 00 00 00 00 01 00 00
