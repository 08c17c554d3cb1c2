; -f bin -w+all
%define n 3
%warning n apples
%warning "n apples"
%warning
db n
;= 3: warning: 3 apples [-w+user]
;= 4: warning: n apples [-w+user]
;= 5: warning:  [-w+user]
;= 03
