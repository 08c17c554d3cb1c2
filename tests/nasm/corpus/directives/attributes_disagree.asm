; -f elf64
global f:function
global f
global f:function
global f:data
f: nop
;= 5: error: symbol `f' has inconsistent attributes `function' and `data'
