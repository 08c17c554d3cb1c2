; -f bin
db `\n\t\r\\\`\'\"\0\a\b\v\f\e\x41\101\u263a\U0001F600\?`
db 'no\nescape', "no\tescape"
db `\q\8`
;= 0a 09 0d 5c 60 27 22 00 07 08 0b 0c 1b 41 41 e2
;= 98 ba f0 9f 98 80 3f 6e 6f 5c 6e 65 73 63 61 70
;= 65 6e 6f 5c 74 65 73 63 61 70 65 71 38
