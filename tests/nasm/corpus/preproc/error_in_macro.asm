; -f bin
%macro bad 1
%error wrong %1
mov eax
%endmacro
%macro outer 0
bad 7
%endmacro
bad 3
outer
;= 9: error: wrong 3
;=   in bad:3
;= 9: error: invalid combination of opcode and operands
;=   in bad:4
;= 10: error: wrong 7
;=   in outer:7
;=   in bad:3
;= 10: error: invalid combination of opcode and operands
;=   in outer:7
;=   in bad:4
