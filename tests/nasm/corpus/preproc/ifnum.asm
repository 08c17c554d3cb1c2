; -f bin -w+all
%ifnum 5
db 1
%endif
%ifnum -5
db 2
%endif
%ifnum +5
db 3
%endif
%ifnum - 5
db 4
%endif
%ifnum 0x1f
db 5
%endif
%ifnum 1.5
db 6
%endif
%ifnum x
db 7
%elifnum 7
db 8
%endif
%ifnnum 'a'
db 9
%endif
%ifnum 1 2
db 10
%endif
%ifnum $
db 11
%endif
%ifnum $0a
db 12
%endif
;= 01 02 03 04 05 08 09 0a 0c
