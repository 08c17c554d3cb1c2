; More sections than one byte counts.
%assign i 0
%rep 300
section .s%+i
label%+i: dd label%+i
%assign i i+1
%endrep
