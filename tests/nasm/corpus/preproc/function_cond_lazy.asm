; -f bin -w+all
bits 32
%define n 5
mov %cond(1, eax, ebx), n
mov %cond(0, eax, ecx), %cond(n > 3, n * 2, (n, n))
%cond(n == 5, nop, hlt)
;= b8 05 00 00 00 b9 0a 00 00 00 90
