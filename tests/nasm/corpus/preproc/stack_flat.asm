; -f bin -w+all
bits 32
%push proc
%stacksize flat
%arg first:dword, second:byte, third:word
mov eax, [first]
mov al, [second]
mov cx, [third]
%assign %$localsize 0
%local one:dword, two:word
enter %$localsize, 0
mov [one], eax
mov [two], ax
leave
ret
%pop
;= 8b 45 08 8a 45 0c 66 8b 4d 10 c8 08 00 00 89 45
;= fc 66 89 45 f8 c9 c3
