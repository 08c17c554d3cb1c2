; -f bin -w+all
db 1
%error something is wrong: 1 + 1
%define x 5
%error x and "quoted text"
%error "quoted" x
%error
;= 3: error: something is wrong: 1 + 1
;= 5: error: 5 and "quoted text"
;= 6: error: "quoted" 5
;= 7: error: 
