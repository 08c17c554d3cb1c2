; -f bin -w+all
db 1
%endif
%else
%elif 1
%endm
%endrep
%exitrep
%exitmacro
db 2
;= 3: error: `%endif': no matching `%if'
;= 4: error: `%else': no matching `%if'
;= 5: error: `%elif': no matching `%if'
;= 6: error: `%endm': not defining a macro
;= 7: error: `%endrep': no matching `%rep'
;= 8: error: `%exitrep' not within `%rep' block
;= 9: error: `%exitmacro' not within `%macro' block
