; -f bin -w+all
%macro m 3
db %{-1}, %{-2}, %{-3}
db %{1}, %{3}
%endmacro
m 1, 2, 3
;= 6: error: macro parameter `%-1' is not a condition code
;=   in m:3
;= 6: error: macro parameter `%-2' is not a condition code
;=   in m:3
;= 6: error: macro parameter `%-3' is not a condition code
;=   in m:3
;= 6: error: expression syntax error
;=   in m:3
