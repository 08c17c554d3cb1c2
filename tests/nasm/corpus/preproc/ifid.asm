; -f bin -w+all
%define n name
%ifid abc
db 1
%endif
%ifid n
db 2
%endif
%ifid 5
db 3
%elifnid 5
db 4
%endif
%ifid 'x'
db 5
%endif
%ifid a b
db 6
%endif
%ifid ..@x
db 7
%endif
%ifid $x
db 8
%endif
%ifid
db 9
%endif
%ifid +
db 10
%endif
;= 01 02 04 06 07 08
