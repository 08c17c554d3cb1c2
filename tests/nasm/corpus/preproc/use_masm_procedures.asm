; -f bin -w+all
%use masm
bits 64
fld tbyte ptr [rax]
mov rax, qword ptr [rbx + 8]
mov rax, x[rbx]
far_one proc far
ret
far_one endp
near_one proc
ret 8
near_one endp
ret
mov eax, dword ptr x
jmp near ptr near_one
x dq 5
end far_one
;= db 28 48 8b 43 08 48 8b 83 1e 00 00 00 cb c2 08
;= 00 c3 8b 05 06 00 00 00 ff 25 f0 ff ff ff 05 00
;= 00 00 00 00 00 00
