; -f bin -w+all
%if 0
%include "no-such-file.inc"
%endif
%ifdef never
%include 'also-missing'
%else
%include "emits.inc"
%endif
;= 77
