; -f bin -w+all
db __FILE__
db __?FILE?__
dw __LINE__, __?LINE?__
%define there __LINE__
dw there
%xdefine here __LINE__

dw here, there
;= 73 74 61 6e 64 61 72 64 5f 66 69 6c 65 2e 61 73
;= 6d 73 74 61 6e 64 61 72 64 5f 66 69 6c 65 2e 61
;= 73 6d 04 00 04 00 06 00 07 00 09 00
