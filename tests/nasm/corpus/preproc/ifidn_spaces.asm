; -f bin -w+all
%ifidn a , a
db 1
%endif
%ifidn a, a 
db 2
%endif
%ifidn a, a ; comment
db 3
%endif
%ifidn   a   ,   a   
db 4
%endif
%ifidn a b , a  b
db 5
%endif
%ifidn , a
db 6
%endif
%ifidn a ,
db 7
%endif
%macro m 0-1
%ifidn %1,
db 8
%endif
%ifidn %1, 
db 9
%endif
%ifidn ,%1
db 10
%endif
%ifidn {%1}, {}
db 11
%endif
%ifnidn %1,
db 12
%endif
%endmacro
m
m x
;= 02 03 0b 0c 0c
