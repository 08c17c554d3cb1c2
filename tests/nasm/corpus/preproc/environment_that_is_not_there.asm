; -f bin -w+all
%defstr there %!GREETING
%defstr none %!NOT_THERE
db there, none, %str(%!ALSO_NOT)
;= 3: warning: nonexistent environment variable `NOT_THERE' [-w+pp-environment]
;= 4: warning: nonexistent environment variable `ALSO_NOT' [-w+pp-environment]
;= 68 65 6c 6c 6f
