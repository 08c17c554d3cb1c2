; -f bin
db "abc", \
   "def"
;= 61 62 63 64 65 66
