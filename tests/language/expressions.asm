; The whole operator set, precedence, 64-bit arithmetic (nasmdoc 3.5).
x equ 5
        dq -7 // 2, -7 / 2, 7 %% -2, 7 % 2, 1<<63>>>2, 1<2<3, 1<=>2, 3 <> 2, 3==3, !5, !0, ~5, 1^^1, 1||0&&0, 1|2^3&4
        dq 1 ? 2 : 3, 2+3*4, 1<<2+1, -1>>60, 1 = 1, 5 != 6, 3 << 2 < 5, 2*-3, - - 3, +3
        dq 1 ^ 3 | 4, 6 & 3 == 3, 0||1^^1, -8 >>> 1, 1 ? 0 ? 5 : 6 : 7, 1+1 ? 3 : 4
        dq (x+1)*2, x-6, -x, ~x, !x, 'a', 'ab'+1, "abcdefgh", `\n`+0
        dq __?ilog2e?__(16), __?ilog2f?__(17), __?ilog2c?__(17), __?ilog2w?__ 100
        dq $, $$, $-$$, later-$, (later-$$)*2, later2 - later, 0x7fffffffffffffff+1
        dq before <= later, 4 * 3 % 5, 100 / 7 * 7, 10 - 3 - 2
before:
later:  db 1
later2:
