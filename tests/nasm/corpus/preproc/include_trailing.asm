; -f bin -w+all
%include "values.inc" trailing
db from_values
;= 2: warning: trailing garbage after `%include' ignored [-w+pp-trailing]
;= 21
