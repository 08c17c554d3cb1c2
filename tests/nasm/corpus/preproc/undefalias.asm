; -f bin -w+all
%define real 1
%defalias nick real
%undefalias nick
db real
%ifdef nick
db 1
%else
db 2
%endif
%undefalias real
%ifdef real
db 3
%endif
;= 01 02
