; -f bin -w+all
%pathsearch found "values.inc"
%strlen n found
%if n > 9
db 1
%endif
%pathsearch none "no-such-file.inc"
db none
;= 01 6e 6f 2d 73 75 63 68 2d 66 69 6c 65 2e 69 6e
;= 63
