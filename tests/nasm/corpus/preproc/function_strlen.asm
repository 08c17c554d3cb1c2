; -f bin -w+all
db %strlen('abc'), %strlen(""), %strlen(`\t\u00e9`)
%define s 'four'
db %strlen(s), %strlen(word), %strlen(a b)
;= 03 00 03 04 04 03
