; -f bin -w+all
%define a 5
%defalias b a
%clear
%ifdef a
 db 1
%endif
%ifdefalias b
 db 2
%endif
%define c 3
%clear [
%ifdef c
 db c
%endif
;= 12: warning: trailing garbage after `%clear' ignored [-w+pp-trailing]
;= 02 03
