; -f bin -w+all
%push loop
%assign %$i 1
%rep 3
db %$i
%assign %$i %$i * 2
%endrep
%xdefine %$j %$i
db %$j
%strlen %$n 'abc'
db %$n
%undef %$i
%ifdef %$i
db 99
%endif
%pop
;= 01 02 04 08 03
