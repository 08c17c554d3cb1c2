; Sizes of symbols that are expressions of labels before and behind.
global  f:function (f.end-f)
global  g:function (after-g)
global  t:data (t.end-t)/2
global  k:data 8*4
section .text
f:      nop
        jmp g
.end:
g:      times 200 nop
        jmp f
after:
section .data
t:      dq 1, 2
.end:
k:      times 4 dq 0
