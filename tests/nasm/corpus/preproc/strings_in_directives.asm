; -f bin -w+all
%define s1 'one'
%define s2 "double"
%define s3 `back\tslash`
db s1, s2, s3
%if s1 == 'one'
db 1
%endif
%ifidn s1, 'one'
db 2
%endif
;= 6f 6e 65 64 6f 75 62 6c 65 62 61 63 6b 09 73 6c
;= 61 73 68 01 02
