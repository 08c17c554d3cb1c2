; -f bin -w+all
%push proc
%stacksize large
%arg a:word, b:qword
mov ax, [a]
mov cx, [b]
%pop
;= 8b 46 04 8b 4e 06
