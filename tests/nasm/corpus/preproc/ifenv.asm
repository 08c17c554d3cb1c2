; -f bin -w+all
%ifenv GREETING
db 1
%endif
%ifenv NOBODY
db 2
%elifenv GREETING
db 3
%endif
%ifnenv NOBODY
db 4
%endif
%ifenv NOBODY GREETING
db 5
%endif
%ifenv 5
%endif
;= 16: error: `%ifenv' expects environment variable names
