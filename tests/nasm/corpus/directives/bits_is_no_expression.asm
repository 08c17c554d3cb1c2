; -f bin : refused
bits 0x10
;= 2: error: `0x10' is not a valid segment size; must be 16, 32 or 64
