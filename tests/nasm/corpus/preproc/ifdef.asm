; -f bin -w+all
%define a
%define b 0
%ifdef a
db 1
%endif
%ifdef b
db 2
%endif
%ifdef c
db 3
%elifdef c b
db 4
%endif
%ifdef c d a
db 5
%endif
%ifndef c
db 6
%elifndef a
db 7
%endif
%ifdef 5
%endif
%ifdef
%endif
;= 23: error: `%ifdef' expects macro identifiers
