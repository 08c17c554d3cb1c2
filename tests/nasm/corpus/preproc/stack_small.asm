; -f bin -w+all
%push proc
%stacksize small
%arg a:word, b:byte, c:dword
mov ax, [a]
mov al, [b]
mov cx, [c]
%assign %$localsize 0
%local d:word, e:byte
enter %$localsize, 0
mov [d], ax
mov [e], al
%pop
;= 8b 46 06 8a 46 08 8b 4e 0a c8 04 00 00 89 46 fe
;= 88 46 fc
