; Labels without code behind them, at ends of sections, and in sections without contents.
global  last
section .text
first:
        nop
last:
section .data
only:
section .empty
nothing:
section .bss
bottom:
