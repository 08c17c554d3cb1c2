; -f bin -w+all
%stacksize flat
%local x:dword
;= 3: error: `%$localsize': context stack is empty
;= 3: error: expression syntax error
