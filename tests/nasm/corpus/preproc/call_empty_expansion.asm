; -f bin -w+all
; What expands to nothing is an argument when the macro is looked up, and none for %0.
%macro one 1-2 5
	db 1, %0
%endmacro
%macro many 0-1
	one %1
%endmacro
%define nothing
	many
	one nothing
	many 3
	many nothing
	one %[nothing]
	one 2
;= 10: warning: improperly calling multi-line macro `one' with 0 parameters [-w+pp-macro-params-legacy]
;=   in many:7
;= 11: warning: improperly calling multi-line macro `one' with 0 parameters [-w+pp-macro-params-legacy]
;= 13: warning: improperly calling multi-line macro `one' with 0 parameters [-w+pp-macro-params-legacy]
;=   in many:7
;= 14: warning: improperly calling multi-line macro `one' with 0 parameters [-w+pp-macro-params-legacy]
;= 01 00 01 00 01 02 01 00 01 00 01 02
