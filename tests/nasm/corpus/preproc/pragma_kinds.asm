; -f bin -w+all
%pragma file
%pragma input name
%pragma debug
%pragma asm
%pragma asm shorter 5
%pragma list
%pragma list what
%pragma limit
%pragma limit what 5
%pragma limit rep much
%pragma limit rep -5
%pragma limit rep "5"
%pragma limit rep 7
%pragma output
%pragma output what
%pragma bin what
%pragma elf what
%pragma null what
%pragma dwarf what
%pragma ignore what
%pragma other what
db 1
;= 2: warning: empty %pragma file [-w+pragma-bad]
;= 3: warning: unknown %pragma input name [-w+pragma-unknown]
;= 4: warning: empty %pragma debug [-w+pragma-bad]
;= 5: warning: empty %pragma asm [-w+pragma-bad]
;= 6: warning: unknown %pragma asm shorter [-w+pragma-unknown]
;= 7: warning: empty %pragma list [-w+pragma-bad]
;= 8: warning: unknown %pragma list what [-w+pragma-unknown]
;= 9: warning: unknown limit: `' [-w+pragma-unknown]
;= 10: warning: unknown limit: `what' [-w+pragma-unknown]
;= 11: warning: invalid limit value: `much' [-w+pragma-bad]
;= 12: warning: invalid limit value: `-5' [-w+pragma-bad]
;= 13: warning: invalid limit value: `"5"' [-w+pragma-bad]
;= 15: warning: empty %pragma output [-w+pragma-bad]
;= 16: warning: unknown %pragma output what [-w+pragma-unknown]
;= 17: warning: unknown %pragma bin what [-w+pragma-unknown]
;= 19: warning: unknown %pragma null what [-w+pragma-unknown]
;= 01
