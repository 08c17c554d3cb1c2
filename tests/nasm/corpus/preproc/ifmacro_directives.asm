; -f bin -w+all
%ifmacro org
 db 1
%endif
%ifmacro section 1
 db 2
%endif
%ifmacro align 0
 db 3
%endif
%ifmacro extern 2-9
 db 4
%endif
%ifmacro use16 1+
 db 5
%endif
%ifmacro osabi
 db 6
%endif
%ifmacro userel 0
 db 7
%endif
;= 01 02 04 07
