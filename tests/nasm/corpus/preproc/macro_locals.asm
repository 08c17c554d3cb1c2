; -f bin -w+all
%macro loopy 1
%%top:
dec ax
jnz %%top
jmp %%end
db %1
%%end:
%endmacro
loopy 1
loopy 2
%macro outer 0
%%a: loopy 3
jmp %%a
%endmacro
outer
;= 48 75 fd eb 01 01 48 75 fd eb 01 02 48 75 fd eb
;= 01 03 eb f8
