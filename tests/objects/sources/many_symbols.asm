; Enough names that the table of strings has long offsets, each used once.
section .text
%assign i 0
%rep 500
a_rather_long_name_of_a_symbol_%+i: jmp a_rather_long_name_of_a_symbol_%+i
%assign i i+1
%endrep
