; -f bin -w+all
%macro m 1
j%-1 $
%endmacro
%macro n 1
j%+1 $
%endmacro
m cxz
m foo
n foo
;= 8: error: condition code `cxz' is not invertible
;=   in m:3
;= 8: error: parser: instruction expected
;=   in m:3
;= 9: error: macro parameter `%-1' is not a condition code
;=   in m:3
;= 9: error: parser: instruction expected
;=   in m:3
;= 10: error: macro parameter `%+1' is not a condition code
;=   in n:6
;= 10: error: parser: instruction expected
;=   in n:6
