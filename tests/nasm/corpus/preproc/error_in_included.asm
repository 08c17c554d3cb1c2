; -f bin -w+all : refused
%include "broken.inc"
db 1
;= 2: error: in the file
