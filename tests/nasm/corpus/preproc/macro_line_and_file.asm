; -f bin -w+all
%macro where 0
dw __LINE__
%endmacro
where

where
dw __LINE__
;= 03 00 03 00 08 00
