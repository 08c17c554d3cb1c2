; -f bin -w+all
%iassign Step 4
%iassign STEP step + 1
db step, Step
;= 05 05
