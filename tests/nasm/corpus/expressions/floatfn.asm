; -f bin
dd __?float32?__(1.5), __float32__(-2.5), __?float32?__(+1.0)
dw __?float16?__(1.5), __?bfloat16?__(1.5)
db __?float8?__(1.5)
dq __?float64?__(1.5e300), __?float80m?__(1.5)
dw __?float80e?__(1.5)
dq __?float128l?__(1.1), __?float128h?__(1.1)
;= 00 00 c0 3f 00 00 20 c0 00 00 80 3f 00 3e c0 3f
;= 3c 35 58 00 66 2d eb 41 7e 00 00 00 00 00 00 00
;= c0 ff 3f 9a 99*12 19 ff 3f
