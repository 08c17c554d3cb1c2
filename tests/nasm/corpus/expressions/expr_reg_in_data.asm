; -f bin
dd eax
;= 2: error: expression is not simple or relocatable
