; -f bin -w+all
%ifidn abc, abc
db 1
%endif
%ifidn abc, ABC
db 2
%elifidni abc, ABC
db 3
%endif
%ifidn a b, a   b
db 4
%endif
%ifidn ,
db 5
%endif
%ifidn 'a', "a"
db 6
%endif
%ifidn 'a', "A"
db 7
%endif
%ifidni 'a', "A"
db 8
%endif
%ifidn 1, 01
db 9
%endif
%ifnidn a, b
db 10
%endif
%ifnidni a, A
db 11
%endif
%define x a
%ifidn x, a
db 12
%endif
%ifidn a, {a}
db 13
%endif
%ifidn [a], [a]
db 14
%endif
;= 01 03 04 06 08 0a 0c 0e
