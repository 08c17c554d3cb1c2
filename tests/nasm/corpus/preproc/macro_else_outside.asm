; -f bin -w+all
%if 1
%macro m 0
%else
db 5
%endif
%endmacro
m
%endif
db 6
;= 9: error: `%endif': no matching `%if'
