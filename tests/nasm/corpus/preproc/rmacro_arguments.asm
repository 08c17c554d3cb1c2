; -f bin -w+all
%rmacro each 1-*
%if %0 > 1
db %1
%rotate 1
each %{1:-2}
%endif
%endmacro
each 1, 2, 3, 4
;= 01 02 03
