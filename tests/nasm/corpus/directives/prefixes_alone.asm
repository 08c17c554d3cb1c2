; -f bin -w+all
rep
lock
es
lock rep
;= 3: warning: instruction is not lockable [-w+prefix-lock]
;= 5: warning: instruction is not lockable [-w+prefix-lock]
;= f3 f0 26 f3 f0
