; -f bin -w+all
%ifdifi a, b
db 1
%else
db 2
%endif
%ifndifi a, A
db 3
%endif
db %isdifi(a,b), %isndifi(a,b)
;= 00 00
