; -f bin -w+all
%use fp
dd float32(1.5)
dq float64(-2.0)
dw float16(0.5)
db float8(1.0)
dt Inf
dd NaN, QNaN, SNaN
dw bfloat16(2.5)
dq float80m(1.0)
dw float80e(1.0)
dq float128l(1.5), float128h(1.5)
;= 00 00 c0 3f 00 00 00 00 00 00 00 c0 00 38 38 00
;= 00 00 00 00 00 00 80 ff 7f 00 00 c0 7f 00 00 c0
;= 7f 01 00 80 7f 20 40 00 00 00 00 00 00 00 80 ff
;= 3f 00*13 80 ff 3f
