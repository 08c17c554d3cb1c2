; -f bin -w+all
%iftoken abc
db 1
%endif
%iftoken -1
db 2
%endif
%iftoken +1
db 3
%endif
%iftoken 1 2
db 4
%endif
%iftoken
db 5
%endif
%iftoken 'a'
db 6
%endif
%iftoken ( )
db 7
%endif
%iftoken <<
db 8
%endif
%ifntoken a b
db 9
%elifntoken a
db 10
%endif
%iftoken - 1
db 11
%endif
%iftoken -x
db 12
%endif
;= 01 06 08 09
