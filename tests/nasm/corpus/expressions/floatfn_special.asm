; -f bin
dd __?Infinity?__, -__?Infinity?__, __?NaN?__, __?QNaN?__, __?SNaN?__, __Infinity__
dq __?Infinity?__, -__?NaN?__, __?SNaN?__
dt __?Infinity?__, __?NaN?__
dw __?Infinity?__, __?NaN?__
db __?Infinity?__
do __?Infinity?__, __?QNaN?__
dd __?float32?__(__?Infinity?__), __?float32?__(-__?NaN?__)
;= 00 00 80 7f 00 00 80 ff 00 00 c0 7f 00 00 c0 7f
;= 01 00 80 7f 00 00 80 7f 00 00 00 00 00 00 f0 7f
;= 00 00 00 00 00 00 f8 ff 01 00 00 00 00 00 f0 7f
;= 00 00 00 00 00 00 00 80 ff 7f 00 00 00 00 00 00
;= 00 c0 ff 7f 00 7c 00 7e 78 00*14 ff 7f 00*13 80 ff 7f
;= 00 00 80 7f 00 00 c0 ff
