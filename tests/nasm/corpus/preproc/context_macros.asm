; -f bin -w+all
%macro if_ 1
%push if_
j%-1 %$else
%endmacro
%macro else_ 0
%ifctx if_
%repl else_
jmp %$end
%$else:
%else
%error expected if_
%endif
%endmacro
%macro end_ 0
%ifctx if_
%$else:
%pop
%elifctx else_
%$end:
%pop
%else
%error expected if_ or else_
%endif
%endmacro
cmp ax, bx
if_ ae
mov ax, bx
else_
nop
end_
if_ z
ret
end_
;= 39 d8 72 04 89 d8 eb 01 90 75 01 c3
