; -f bin -w+all
%idefine Thing %? %??
%defstr a Thing
%macro m 0
%define b %?
%endmacro
%define name %str(%?)
db name
%imacro MyMac 0
db %str(%?), %str(%??)
%endmacro
mymac
MYMAC
;= 6e 61 6d 65 6d 79 6d 61 63 4d 79 4d 61 63 4d 59
;= 4d 41 43 4d 79 4d 61 63
