; -f bin
; A count is taken modulo 64.
dq 1 << 64, 1 << 65, 1 << -1, 1 >> 64, -1 >>> 65, (1 << 64) - (1 << 30)
%assign moved 3 << 66
dq moved
;= 01 00 00 00 00 00 00 00 02 00*14 80 01 00 00 00 00
;= 00 00 00 ff ff ff ff ff ff ff ff 01 00 00 c0 ff
;= ff ff ff 0c 00 00 00 00 00 00 00
