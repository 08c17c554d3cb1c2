; Every notation of a number (nasmdoc 3.4.1).
        dd 200, 0200, 0200d, 0d200, 0c8h, $0c8, 0xc8, 0hc8, 310q, 310o, 0o310, 0q310
        dd 11001000b, 1100_1000b, 1100_1000y, 0b1100_1000, 0y1100_1000, 0t200, 200t, 0C8X, 80H
        dd 1.5, -1.5, +2.0, 1e10, 1.e-3, 0x1p4, __?Infinity?__, -__?Infinity?__, __?NaN?__
        dq 3.141592653589793, 1e300, 0x1.8p3
        dt 3.14, 1.0
        dw 1.5
        do 1.5
        dd __?float32?__(1.5), __float32__(2.5)
        dq __?float64?__(-1.5)
