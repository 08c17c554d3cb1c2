; -f bin -w+all
%macro two 2
%endmacro
%macro plus 1-3+
%endmacro
%imacro Any 0-*
%endmacro
%ifmacro two
db 1
%endif
%ifmacro two 2
db 2
%endif
%ifmacro two 1
db 3
%elifmacro two 1-2
db 4
%endif
%ifnmacro two 3-*
db 5
%endif
%ifmacro plus 7
db 6
%endif
%ifmacro plus 2+
db 7
%endif
%ifmacro any 100
db 8
%endif
%ifmacro ANY
db 9
%endif
%ifnmacro nope
db 10
%elifnmacro two
db 11
%endif
%ifmacro
%endif
%ifmacro two 2 x
%endif
;= 39: error: `%ifmacro' expects a macro name
;= 41: warning: trailing garbage after `%ifmacro' ignored [-w+pp-trailing]
