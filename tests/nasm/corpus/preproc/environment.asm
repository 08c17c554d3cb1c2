; -f bin -w+all
hello equ 3
db %!GREETING
db %!'GREETING'
%ifenv GREETING
db 1
%endif
%ifenv %!GREETING
db 2
%endif
%ifnenv 'NOBODY'
db 3
%endif
db %str(%!GREETING)
;= 03 03 01 02 03 68 65 6c 6c 6f
