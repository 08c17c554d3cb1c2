; -f bin -w-number-overflow
dq 1 << 64, 1 << 65, 1 << -1, -1 >> 64, -1 >> 127, -1 >>> 64, 8 >>> 66
%assign shifted 3 << 66
db shifted
first: nop
last: dq (last - first) << 67
;= 01 00 00 00 00 00 00 00 02 00*14 80 ff ff ff ff ff
;= ff ff ff 01 00 00 00 00 00 00 00 ff ff ff ff ff
;= ff ff ff 02 00 00 00 00 00 00 00 0c 90 08 00 00
;= 00 00 00 00 00
