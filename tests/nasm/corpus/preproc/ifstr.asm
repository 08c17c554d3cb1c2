; -f bin -w+all
%define s 'abc'
%ifstr 'a'
db 1
%endif
%ifstr s
db 2
%endif
%ifstr abc
db 3
%elifstr `x`
db 4
%endif
%ifnstr 5
db 5
%endif
%ifstr "unfinished
db 6
%endif
;= 17: warning: unterminated string (missing `"') [-w+pp-open-string]
;= 01 02 04 05
