; -f bin -w+all
bits 64
%push proc
%stacksize flat64
%arg a:qword, b:dword, c:byte
mov rax, [a]
mov eax, [b]
mov al, [c]
%assign %$localsize 0
%local d:qword, e:dword, f:byte
mov [d], rax
mov [e], eax
mov [f], al
sub rsp, %$localsize
%pop
;= 48 8b 45 10 8b 45 18 8a 45 20 48 89 45 f8 89 45
;= f0 88 45 e8 48 83 ec 18
