; -f bin -w+all
db 1
%include "no-such-file.inc"
db 2
;= 3: error: unable to open include file `no-such-file.inc': No such file or directory
